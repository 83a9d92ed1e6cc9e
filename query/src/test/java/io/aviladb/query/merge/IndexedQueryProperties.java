package io.aviladb.query.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.index.IndexEntries;
import io.aviladb.query.plan.IndexAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Generated queries over generated documents, with an index and without: the same rows in the same order, whole and page by page. {@code
 * -Daviladb.query.seed=N} repeats a run, {@code -Daviladb.query.count=N} makes it longer.
 */
class IndexedQueryProperties {
    private static final long SEED = Long.getLong("aviladb.query.seed", System.nanoTime());
    private static final int QUERIES = Integer.getInteger("aviladb.query.count", 20_000);
    private static final int COLLECTION = 5;

    private final Random random = new Random(SEED);
    private final QueryGenerator generator = new QueryGenerator(random);

    @Test
    void anIndexChangesNoResult() {
        int used = 0;
        int inOrder = 0;
        int backwards = 0;
        for (int i = 0; i < QUERIES; i++) {
            PartitionStrategy strategy = generator.strategy();
            TreeMap<DocumentKey, Document> documents = documents(strategy);
            String text = text();
            List<IndexDefinition> indexes = indexes();
            int pageSize = random.nextBoolean() ? 1_000 : 1 + random.nextInt(4);
            Optional<IndexAccess> access = access(text, strategy, indexes);
            if (access.isPresent()) {
                used++;
                inOrder += access.get().givesOrder(ready(text, pageSize, Optional.empty(), strategy).plan()) ? 1 : 0;
                backwards += access.get().backwards() ? 1 : 0;
                assertThat(pages(text, pageSize, strategy, documents, access)).as("seed %s, query %s: %s %s by %s over %s", SEED, i, text,
                        generator.parameters(), access.get().index(), documents)
                        .isEqualTo(pages(text, pageSize, strategy, documents, Optional.empty()));
            }
        }
        assertThat(used).as("seed %s", SEED).isGreaterThan(QUERIES / 20);
        assertThat(inOrder).as("seed %s", SEED).isGreaterThan(QUERIES / 200);
        assertThat(backwards).as("seed %s", SEED).isGreaterThan(QUERIES / 400);
    }

    private TreeMap<DocumentKey, Document> documents(PartitionStrategy strategy) {
        TreeMap<DocumentKey, Document> documents = new TreeMap<>();
        for (JsonObject object : generator.documents()) {
            Document document = Document.of(object);
            documents.put(DocumentKey.of(COLLECTION, strategy, document, ((JsonString) object.get("id").orElseThrow()).value()), document);
        }
        return documents;
    }

    /** What the generator makes, and statements for which an index is likely to be the answer. */
    private String text() {
        String any = generator.query();
        if (random.nextInt(3) > 0) {
            return any;
        }
        generator.parameters().clear();
        String where = random.nextInt(4) == 0 ? "" : " WHERE " + condition() + (random.nextBoolean() ? " AND " + condition() : "");
        String order = random.nextInt(3) == 0
                ? ""
                : " ORDER BY " + field() + (random.nextBoolean() ? " DESC" : "") + (random.nextBoolean() ? ", " + field() : "");
        return "SELECT a, b, c, id FROM docs" + where + order + (random.nextBoolean() ? " LIMIT " + random.nextInt(6) : "") + " ";
    }

    private String field() {
        return List.of("a", "b", "c", "k.u").get(random.nextInt(4));
    }

    private String condition() {
        String constant = List.of("0", "1", "-1", "0.5", "'x'", "'y'", "true", "null").get(random.nextInt(8));
        return field() + switch (random.nextInt(6)) {
            case 0, 1 -> " = " + constant;
            case 2 -> " IN (" + constant + ", 1, 'x')";
            case 3 -> " BETWEEN " + constant + " AND 2";
            case 4 -> " < " + constant;
            default -> " >= " + constant;
        };
    }

    private List<IndexDefinition> indexes() {
        List<IndexDefinition> indexes = new ArrayList<>();
        for (int id = 1 + random.nextInt(2); id > 0; id--) {
            List<String> paths = new ArrayList<>(List.of("/a", "/b", "/c", "/k/u", "/t"));
            Collections.shuffle(paths, random);
            List<IndexDefinition.Field> chosen = Stream.iterate(0, n -> n + 1).limit(1 + random.nextInt(3))
                    .map(n -> IndexDefinition.Field.parse((random.nextInt(3) == 0 ? "-" : "") + paths.get(n))).toList();
            String where = random.nextInt(4) == 0 ? "a = 1" : "";
            indexes.add(IndexEntries.checked(new IndexDefinition(id, "i" + id, chosen, random.nextInt(4) == 0, where)));
        }
        return indexes;
    }

    private Fragment fragment(String text, int pageSize, Optional<ResumePoint> resume) {
        Map<String, JsonValue> parameters = new LinkedHashMap<>(generator.parameters());
        return new Fragment(text, parameters, 0, pageSize, 1 << 20, resume);
    }

    private Fragment.Ready ready(String text, int pageSize, Optional<ResumePoint> resume, PartitionStrategy strategy) {
        return fragment(text, pageSize, resume).ready(strategy);
    }

    private Optional<IndexAccess> access(String text, PartitionStrategy strategy, List<IndexDefinition> indexes) {
        Fragment fragment = fragment(text, 1, Optional.empty());
        return fragment.index(fragment.ready(strategy), indexes);
    }

    private List<String> pages(String text, int pageSize, PartitionStrategy strategy, TreeMap<DocumentKey, Document> documents,
            Optional<IndexAccess> access) {
        List<String> rows = new ArrayList<>();
        Optional<ResumePoint> resume = Optional.empty();
        do {
            Fragment.Ready ready = ready(text, pageSize, resume, strategy);
            Optional<KeyRange> interval = ready.plan().keys().interval(COLLECTION, ready.bindings());
            Partial partial = access.isEmpty() ? scanned(ready, documents, interval) : walked(ready, documents, interval, access.get());
            FinalMerge.Page page = FinalMerge.page(ready.plan(), ready.bindings(), ready.page(), List.of(partial));
            page.values().forEach(value -> rows.add(value.toJson()));
            resume = page.next();
        } while (resume.isPresent());
        return rows;
    }

    private static Partial scanned(Fragment.Ready ready, TreeMap<DocumentKey, Document> documents, Optional<KeyRange> interval) {
        var entries = documents.entrySet().stream().filter(entry -> interval.filter(keys -> keys.contains(entry.getKey())).isPresent())
                .map(entry -> new DocumentSource.Entry(entry.getKey(), entry.getValue())).iterator();
        return PartialRun.run(ready.plan(), ready.bindings(), ready.page(), new QueryBudget(QueryBudget.DEFAULT_BYTES),
                () -> entries.hasNext() ? entries.next() : null);
    }

    /** As a range does, in slices of a few entries. */
    private Partial walked(Fragment.Ready ready, TreeMap<DocumentKey, Document> documents, Optional<KeyRange> interval,
            IndexAccess access) {
        TreeSet<byte[]> entries = new TreeSet<>(Arrays::compareUnsigned);
        documents.forEach((key, document) -> entries.addAll(IndexEntries.of(access.index()).of(key, document)));
        PartialRun run = new PartialRun(ready.plan(), ready.bindings(), ready.page(), new QueryBudget(QueryBudget.DEFAULT_BYTES), false);
        IndexWalk walk = new IndexWalk(access, ready, access.intervals(COLLECTION, ready.bindings()).orElseThrow(), run);
        for (Optional<KeyRange> rest = walk.rest(); rest.isPresent(); rest = walk.rest()) {
            int slice = 1 + random.nextInt(4);
            boolean over = true;
            NavigableSet<byte[]> part = entries.subSet(rest.get().start(), true, rest.get().end(), false);
            for (byte[] entry : walk.backwards() ? part.descendingSet() : part) {
                boolean more = slice-- > 0 && walk.visit(entry, key -> interval.filter(keys -> keys.contains(key)).isEmpty()
                        || run.add(new DocumentSource.Entry(key, Objects.requireNonNull(documents.get(key)))));
                if (!more) {
                    over = false;
                    break;
                }
            }
            if (over) {
                walk.intervalOver();
            }
        }
        return run.finish();
    }
}
