package io.aviladb.query.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.language.Parser;
import io.aviladb.query.language.Query;
import io.aviladb.query.language.Statement;
import io.aviladb.query.plan.Planner;
import io.aviladb.query.plan.QueryPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Generated queries over generated documents: the engine, on one source and on many, whole and page by page, against the naive model.
 * {@code -Daviladb.query.seed=N} repeats a run, {@code -Daviladb.query.count=N} makes it longer.
 */
class QueryProperties {
    private static final long SEED = Long.getLong("aviladb.query.seed", System.nanoTime());
    private static final int QUERIES = Integer.getInteger("aviladb.query.count", 20_000);
    private static final int COLLECTION = 5;
    private static final int ALL = 1_000_000;

    @Test
    void resultsAreThoseOfTheModel() {
        Random random = new Random(SEED);
        QueryGenerator generator = new QueryGenerator(random);
        int notEmpty = 0;
        for (int i = 0; i < QUERIES; i++) {
            PartitionStrategy strategy = generator.strategy();
            List<DocumentSource.Entry> entries = entries(strategy, generator.documents());
            String text = generator.query();
            String what = "seed %s, query %s: %s %s over %s".formatted(SEED, i, text, generator.parameters(), entries);
            Query query = ((Statement.Select) Parser.statement(text)).query();
            QueryPlan plan = Planner.plan(query, strategy);
            Bindings bindings = Bindings.of(plan.parameters(), generator.parameters(), Instant.EPOCH);
            List<JsonObject> documents = entries.stream().map(entry -> entry.document().root()).toList();
            List<JsonValue> expected = new NaiveModel(generator.parameters()).run(query, documents);
            assertThat(shown(pages(plan, bindings, entries, 1, ALL, random))).as(what).isEqualTo(shown(expected));
            assertThat(shown(pages(plan, bindings, entries, 1 + random.nextInt(6), ALL, random))).as("many sources, %s", what)
                    .isEqualTo(shown(expected));
            assertThat(shown(pages(plan, bindings, entries, 1 + random.nextInt(4), 1 + random.nextInt(4), random))).as("pages, %s", what)
                    .isEqualTo(shown(expected));
            notEmpty += expected.isEmpty() ? 0 : 1;
        }
        assertThat(notEmpty).as("seed %s", SEED).isGreaterThan(QUERIES / 4);
    }

    private static List<DocumentSource.Entry> entries(PartitionStrategy strategy, List<JsonObject> documents) {
        List<DocumentSource.Entry> entries = new ArrayList<>();
        for (JsonObject object : documents) {
            Document document = Document.of(object);
            String id = ((JsonString) object.get("id").orElseThrow()).value();
            entries.add(new DocumentSource.Entry(DocumentKey.of(COLLECTION, strategy, document, id), document));
        }
        entries.sort(Comparator.comparing(DocumentSource.Entry::key));
        return entries;
    }

    /** All pages, their resume points through bytes, each with the documents cut anew into intervals. */
    private static List<JsonValue> pages(QueryPlan plan, Bindings bindings, List<DocumentSource.Entry> entries, int sources, int pageSize,
            Random random) {
        Optional<KeyRange> interval = plan.keys().interval(COLLECTION, bindings);
        List<DocumentSource.Entry> read = entries.stream().filter(entry -> interval.filter(keys -> keys.contains(entry.key())).isPresent())
                .toList();
        List<JsonValue> values = new ArrayList<>();
        Optional<ResumePoint> resume = Optional.empty();
        do {
            PageRequest request = PageRequest.of(plan, bindings, pageSize, random.nextInt(4) > 0 ? ALL : 1 + random.nextInt(120), resume);
            List<Partial> partials = new ArrayList<>();
            for (List<DocumentSource.Entry> part : cut(read, sources, random)) {
                Iterator<DocumentSource.Entry> next = part.iterator();
                Partial partial = PartialRun.run(plan, bindings, request, new QueryBudget(QueryBudget.DEFAULT_BYTES),
                        () -> next.hasNext() ? next.next() : null);
                if (random.nextBoolean()) {
                    partials.add(partial);
                } else { // from another node
                    PartialCodec.pieces(partial, 1 + random.nextInt(200)).forEach(piece -> partials.add(PartialCodec.read(plan, piece)));
                }
            }
            Collections.shuffle(partials, random);
            FinalMerge.Page page = FinalMerge.page(plan, bindings, request, partials);
            assertThat(page.values()).hasSizeLessThanOrEqualTo(pageSize);
            values.addAll(page.values());
            resume = page.next().map(point -> ResumePoint.ofBytes(point.toBytes()));
        } while (resume.isPresent());
        return values;
    }

    private static List<List<DocumentSource.Entry>> cut(List<DocumentSource.Entry> entries, int parts, Random random) {
        List<Integer> cuts = new ArrayList<>(List.of(0, entries.size()));
        for (int i = 1; i < parts; i++) {
            cuts.add(random.nextInt(entries.size() + 1));
        }
        Collections.sort(cuts);
        List<List<DocumentSource.Entry>> sources = new ArrayList<>();
        for (int i = 1; i < cuts.size(); i++) {
            sources.add(entries.subList(cuts.get(i - 1), cuts.get(i)));
        }
        return sources;
    }

    /** Numbers by value: the model calculates decimals where the engine calculates doubles. */
    private static List<String> shown(List<JsonValue> values) {
        return values.stream().map(value -> byValue(value).toJson()).toList();
    }

    private static JsonValue byValue(JsonValue value) {
        return switch (value) {
            case JsonNumber number -> JsonNumber.of(new java.math.BigDecimal(number.literal()).round(new java.math.MathContext(14)));
            case JsonArray array -> new JsonArray(array.elements().stream().map(QueryProperties::byValue).toList());
            case JsonObject object -> {
                LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
                object.members().forEach((name, member) -> members.put(name, byValue(member)));
                yield new JsonObject(members);
            }
            default -> value;
        };
    }
}
