package io.aviladb.query.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.eval.AggregateState;
import io.aviladb.query.eval.Aggregates;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FragmentTest {
    private static final PartitionStrategy BY_USER = PartitionStrategy.single(FieldPath.of("userId"));

    private static Fragment fragment(String statement, Map<String, io.aviladb.core.document.JsonValue> parameters) {
        return new Fragment(statement, parameters, 1_700_000_000_123L, 100, 1_000, Optional.empty());
    }

    private static Partial run(Fragment.Ready ready, int documents) {
        List<DocumentSource.Entry> entries = new ArrayList<>();
        for (int i = 0; i < documents; i++) {
            Document document = Document.of("userId", "u%04d".formatted(i), "level", i, "score", i / 8.0);
            entries.add(new DocumentSource.Entry(DocumentKey.of(1, BY_USER, document, "d" + i), document));
        }
        Iterator<DocumentSource.Entry> next = entries.iterator();
        return PartialRun.run(ready.plan(), ready.bindings(), ready.page(), new QueryBudget(QueryBudget.DEFAULT_BYTES),
                () -> next.hasNext() ? next.next() : null);
    }

    @Test
    void aFragmentSurvivesTheWire() {
        Fragment fragment = new Fragment("SELECT * FROM players WHERE level > @min LIMIT 3", Map.of("min", JsonNumber.of(5)), 77, 2, 1_000,
                Optional.of(new ResumePoint(new RowKey(Arrays.asList(JsonNumber.of(1), null), new byte[]{1, 2}, 3), 4)));
        assertThat(Fragment.ofBytes(fragment.toBytes())).isEqualTo(fragment);
        assertThatExceptionOfType(AvilaError.class).as("the place has two keys, and the order none")
                .isThrownBy(() -> fragment.ready(BY_USER))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_CONTINUATION));
        Fragment ordered = new Fragment("SELECT * FROM players WHERE level > @min ORDER BY a, b LIMIT 3", fragment.parameters(), 77, 2,
                1_000,
                fragment.resume());
        assertThat(ordered.ready(BY_USER).page().limit()).isEqualTo(4);
    }

    @Test
    void anExplainedStatementIsTheSameFragment() {
        assertThat(fragment("EXPLAIN ANALYZE SELECT COUNT(*) AS n FROM players", Map.of()).ready(BY_USER).plan().grouping()).isPresent();
        assertThatExceptionOfType(AvilaError.class)
                .isThrownBy(() -> fragment("DELETE FROM players WHERE level = 1", Map.of()).ready(BY_USER))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.QUERY_INVALID));
    }

    @Test
    void anotherVersionIsRefused() {
        byte[] bytes = fragment("SELECT * FROM players", Map.of()).toBytes();
        bytes[0]++;
        assertThatExceptionOfType(AvilaError.class).isThrownBy(() -> Fragment.ofBytes(bytes))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.FRAGMENT_UNSUPPORTED));
    }

    @Test
    void documentsAreHandedOnAsTheyAre() {
        for (String order : List.of("", " ORDER BY level DESC")) {
            Fragment.Ready ready = fragment("SELECT * FROM players" + order, Map.of()).ready(BY_USER);
            Document document = Document.of("userId", "u", "level", 1.50, "text", "\u00e9\u0001", "of", List.of(1, Map.of("a", 2)));
            Iterator<DocumentSource.Entry> one = List.of(new DocumentSource.Entry(DocumentKey.of(1, BY_USER, document, "d"), document))
                    .iterator();
            Partial partial = PartialRun.run(ready.plan(), ready.bindings(), ready.page(), new QueryBudget(QueryBudget.DEFAULT_BYTES),
                    () -> one.hasNext() ? one.next() : null);
            assertThat(((Partial.Rows) partial).rows()).singleElement()
                    .satisfies(row -> assertThat(row.json()).as("not written again").isSameAs(document.json()));
            byte[] piece = PartialCodec.pieces(partial, 1_000).getFirst();
            Partial read = PartialCodec.read(ready.plan(), piece);
            assertThat(PartialCodec.pieces(read, 1_000)).singleElement().isEqualTo(piece);
            FinalMerge.Page page = FinalMerge.page(ready.plan(), ready.bindings(), ready.page(), List.of(read));
            assertThat(page.rows()).singleElement().satisfies(row -> assertThat(row.json()).isEqualTo(document.json()));
            assertThat(page.values()).singleElement().isEqualTo(document.root());
        }
    }

    @Test
    void otherRowsHaveCanonicalJson() {
        for (String order : List.of("", " ORDER BY level DESC")) {
            Fragment.Ready ready = fragment("SELECT score, level, 1.50 AS n FROM players" + order, Map.of()).ready(BY_USER);
            Partial read = PartialCodec.read(ready.plan(), PartialCodec.pieces(run(ready, 1), 1_000).getFirst());
            assertThat(((Partial.Rows) read).rows()).singleElement()
                    .satisfies(row -> assertThat(new String(row.json(), StandardCharsets.UTF_8))
                            .isEqualTo("{\"score\":0.0,\"level\":0,\"n\":1.50}"));
        }
    }

    @Test
    void aBudgetCountsTheBytesThatRowsKeep() {
        Fragment.Ready ready = fragment("SELECT * FROM players ORDER BY level", Map.of()).ready(BY_USER);
        Document document = Document.of("userId", "u", "level", 1, "text", "x".repeat(10_000));
        DocumentSource.Entry entry = new DocumentSource.Entry(DocumentKey.of(1, BY_USER, document, "d"), document);
        PartialRun run = new PartialRun(ready.plan(), ready.bindings(), ready.page(), new QueryBudget(15_000));
        assertThat(run.add(entry)).isTrue();
        assertThatExceptionOfType(AvilaError.class).isThrownBy(() -> run.add(entry))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.QUERY_BUDGET));
    }

    @Test
    void noMoreDocumentsAreReadThanAPageOfBytesHolds() {
        Fragment.Ready ready = fragment("SELECT * FROM players", Map.of()).ready(BY_USER);
        PageRequest page = new PageRequest(0, Long.MAX_VALUE, 1_000, 5_000, Optional.empty());
        PartialRun run = new PartialRun(ready.plan(), ready.bindings(), page, new QueryBudget(QueryBudget.DEFAULT_BYTES));
        int read = 0;
        for (boolean more = true; more; read++) {
            assertThat(read).as("documents of 1 KB, for a page of 5 KB").isLessThan(50);
            Document document = Document.of("userId", "u%04d".formatted(read), "text", "x".repeat(1_000));
            more = run.add(new DocumentSource.Entry(DocumentKey.of(1, BY_USER, document, "d"), document));
        }
        assertThat(read).as("four that fit, and the one that tells that another page follows").isEqualTo(5);
        assertThat(FinalMerge.page(ready.plan(), ready.bindings(), page, List.of(run.finish())).values()).hasSize(4);
    }

    @Test
    void largeResultsComeInPieces() {
        Fragment.Ready ready = fragment("SELECT userId, SUM(score) AS s, COUNT(DISTINCT level) AS n FROM players GROUP BY userId", Map.of())
                .ready(BY_USER);
        List<byte[]> pieces = PartialCodec.pieces(run(ready, 500), 1_000);
        assertThat(pieces).hasSizeGreaterThan(5).allSatisfy(piece -> assertThat(piece.length).isBetween(20, 1_200));
        List<Partial> partials = pieces.stream().map(piece -> PartialCodec.read(ready.plan(), piece)).toList();
        PageRequest all = new PageRequest(0, Long.MAX_VALUE, 1_000, 1_000_000, Optional.empty());
        assertThat(FinalMerge.page(ready.plan(), ready.bindings(), all, partials).values()).hasSize(500)
                .last().hasToString("{\"userId\":\"u0499\",\"s\":62.375,\"n\":1}");
    }

    @Test
    void onlyWhatLooksIntoDocumentsReadsThem() {
        assertThat(fragment("SELECT COUNT(*) AS n FROM players", Map.of()).ready(BY_USER).plan().readsDocument()).isFalse();
        for (String reading : List.of("SELECT * FROM players", "SELECT COUNT(*) FROM players WHERE level = 1",
                "SELECT COUNT(level) FROM players",
                "SELECT VALUE p FROM players p", "SELECT COUNT(*) FROM players p, p.items i", "SELECT COUNT(*) FROM players GROUP BY level",
                "SELECT VALUE 1 FROM players WHERE EXISTS(SELECT VALUE i FROM i IN items)", "SELECT VALUE 1 FROM players ORDER BY level")) {
            try {
                assertThat(fragment(reading, Map.of()).ready(BY_USER).plan().readsDocument()).as(reading).isTrue();
            } catch (AvilaError error) {
                throw new AssertionError(reading, error);
            }
        }
    }

    /** Whatever the bytes, decoding ends with a result or a typed refusal. */
    @Test
    void damagedPiecesAreRefused() {
        Random random = new Random(7);
        Fragment.Ready ready = fragment(
                "SELECT userId, SUM(score) AS s, MAX(level) AS m, COUNT(DISTINCT level) AS n FROM players GROUP BY userId",
                Map.of()).ready(BY_USER);
        byte[] piece = PartialCodec.pieces(run(ready, 20), 1 << 20).get(0);
        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = Arrays.copyOf(piece, random.nextInt(4) == 0 ? random.nextInt(piece.length) : piece.length);
            for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                PartialCodec.read(ready.plan(), damaged);
            } catch (MalformedBytesException | AvilaError expected) {
                assertThat(expected).isNotNull();
            }
        }
        assertThatThrownBy(() -> PartialCodec.read(fragment("SELECT * FROM players", Map.of()).ready(BY_USER).plan(), piece))
                .isInstanceOf(MalformedBytesException.class);
    }

    /** Sums of very large, very small and negative terms go through bytes without loss. */
    @Test
    void sumsStayExactOnTheWire() {
        Random random = new Random(11);
        for (int i = 0; i < 200; i++) {
            AggregateState whole = Aggregates.state("SUM", false);
            AggregateState merged = Aggregates.state("SUM", false);
            for (int parts = 0; parts < 3; parts++) {
                AggregateState part = Aggregates.state("SUM", false);
                for (int terms = random.nextInt(20); terms > 0; terms--) {
                    JsonNumber term = random.nextInt(3) == 0
                            ? JsonNumber.of(random.nextLong())
                            : JsonNumber.of((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(600) - 300));
                    whole.add(term);
                    part.add(term);
                }
                ByteWriter out = new ByteWriter();
                part.write(out);
                ByteReader in = new ByteReader(out.toByteArray());
                merged.merge(in);
                in.expectEnd();
            }
            assertThat(merged.result()).isEqualTo(whole.result());
        }
    }
}
