package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.version.VersionVector;
import io.aviladb.node.query.FragmentServer;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.FragmentFrame;
import io.aviladb.proto.node.FragmentRequest;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.query.merge.FinalMerge;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.Partial;
import io.aviladb.query.merge.PartialCodec;
import io.aviladb.query.merge.QueryMemory;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a range reads for its part of a query once it has an index: the documents that can matter, and the same rows as before. */
class IndexedFragmentTest {
    private static final ReadTerms TERMS = new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 1_000);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;
    private final ArrayDeque<Runnable> work = new ArrayDeque<>();
    private final FragmentServer server = new FragmentServer(work::add, () -> 0, new QueryMemory(8 << 20));
    @SuppressWarnings("NullAway.Init")
    private SharedEngine engine;
    @SuppressWarnings("NullAway.Init")
    private RegionReplica region;
    @SuppressWarnings("NullAway.Init")
    private GroupReader reader;

    @BeforeEach
    void open() {
        engine = SharedEngine.create(new EngineOptions(4 << 20, 16 << 20, 2, 0));
        region = new RegionReplica(1, root, engine);
        region.activate(List.of(region.self));
        reader = new GroupReader(new LeaderAlone(), region.machine, region.self, () -> {}, (delay, task) -> () -> {}, Runnable::run);
        for (int i = 0; i < 200; i++) {
            region.commit(
                    RegionReplica.insert("k%04d".formatted(i), "{\"id\":\"k%04d\",\"city\":\"c%d\",\"score\":%d}".formatted(i, i % 10, i)));
        }
    }

    @AfterEach
    void close() {
        region.close();
        engine.close();
    }

    private void index(String... fields) {
        CollectionDefinition before = region.inOrder().get(0).collection();
        IndexDefinition index = new IndexDefinition(0, "i", Stream.of(fields).map(IndexDefinition.Field::parse).toList(), false, "");
        CollectionDefinition after = before.withIndexes(before.indexes().with(index), before.catalogVersion() + 1);
        region.inOrder().forEach(range -> region.apply(new GroupEntry.Alter(range.ref(), after)));
    }

    private void build() {
        for (OwnedRange range : region.inOrder()) {
            for (int index : range.builds().next().keySet()) {
                region.apply(
                        new GroupEntry.BuildIndex(range.ref().range(), index, range.builds().next(index).orElseThrow(), 1_000, 1 << 20));
            }
        }
    }

    /** Rows, and how many documents were read for them. */
    private record Answer(List<String> rows, long documents, List<ScanReply.Row> held) {}

    private Answer ask(String statement, DocumentKey... held) {
        Fragment fragment = new Fragment(statement, Map.of(), 0, 100, 1 << 20, Optional.empty());
        Fragment.Ready ready = fragment.ready(RegionReplica.COLLECTION.strategy());
        List<Partial> partials = new ArrayList<>();
        List<ScanReply.Row> heldRows = new ArrayList<>();
        long documents = 0;
        for (OwnedRange range : region.inOrder()) {
            Collected collected = new Collected();
            FragmentRequest request = new FragmentRequest(range.ref(), range.keys(), List.of(held), fragment.toBytes(), TERMS, 10_000);
            server.open(reader, request.encode(), collected).request(1_000);
            for (Runnable next = work.poll(); next != null; next = work.poll()) {
                next.run();
            }
            assertThat(collected.failure).isNull();
            for (FragmentFrame frame : collected.frames) {
                if (frame instanceof FragmentFrame.Piece piece) {
                    partials.add(PartialCodec.read(ready.plan(), piece.bytes()));
                } else if (frame instanceof FragmentFrame.Held rows) {
                    heldRows.addAll(rows.rows());
                } else if (frame instanceof FragmentFrame.End end) {
                    documents += end.documents();
                }
            }
        }
        List<String> rows = FinalMerge.page(ready.plan(), ready.bindings(), ready.page(), partials).values().stream().map(JsonValue::toJson)
                .toList();
        return new Answer(rows, documents, heldRows);
    }

    private static final class Collected implements NodeStream.Receiver {
        final List<FragmentFrame> frames = new ArrayList<>();
        @Nullable
        Throwable failure;

        @Override
        public void onFrame(byte[] frame) {
            frames.add(FragmentFrame.decode(frame));
        }

        @Override
        public void onEnd() {
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
        }
    }

    @Test
    void anIndexIsUsedOnceItIsWholeAndNotBefore() {
        String statement = "SELECT VALUE score FROM things WHERE city = 'c3' AND score >= 50 AND score < 100 ORDER BY score DESC LIMIT 3";
        Answer before = ask(statement);
        assertThat(before.rows()).containsExactly("93", "83", "73");
        assertThat(before.documents()).isEqualTo(200);
        index("/city", "-/score");
        assertThat(ask(statement)).as("under construction").isEqualTo(before);
        build();
        Answer after = ask(statement);
        assertThat(after.rows()).isEqualTo(before.rows());
        assertThat(after.documents()).as("no further than the limit").isEqualTo(3);
    }

    @Test
    void anIndexIsReadBackwardsForTheOppositeOrder() {
        index("/city", "/score");
        build();
        Answer last = ask("SELECT VALUE score FROM things WHERE city = 'c3' AND score < 150 ORDER BY score DESC LIMIT 3");
        assertThat(last.rows()).containsExactly("143", "133", "123");
        assertThat(last.documents()).as("no further than the limit").isEqualTo(3);
        Answer all = ask("SELECT VALUE score FROM things ORDER BY city DESC, score DESC LIMIT 21");
        assertThat(all.rows()).hasSize(21).startsWith("199", "189").endsWith("19", "9", "198");
    }

    @Test
    void everyRangeReadsItsOwnDocuments() {
        index("/city");
        build();
        region.split(RegionReplica.key("k0100"), 77);
        Answer all = ask("SELECT COUNT(*) AS n, SUM(score) AS s FROM things WHERE city IN ('c1', 'c2')");
        assertThat(all.rows()).containsExactly("{\"n\":40,\"s\":3860}");
        assertThat(all.documents()).isEqualTo(40);
        assertThat(ask("SELECT VALUE id FROM things WHERE city = 'c7' LIMIT 2").rows()).containsExactly("\"k0007\"", "\"k0017\"");
    }

    @Test
    void aChangedDocumentIsFoundByItsNewValueOnly() {
        index("/city");
        build();
        region.commit(RegionReplica.patch("k0003", "city", "\"moved\""));
        region.commit(RegionReplica.delete("k0013"));
        assertThat(ask("SELECT VALUE id FROM things WHERE city = 'moved'").rows()).containsExactly("\"k0003\"");
        assertThat(ask("SELECT COUNT(*) AS n FROM things WHERE city = 'c3'").rows()).containsExactly("{\"n\":18}");
    }

    @Test
    void documentsThatAreLeftOutComeAsTheyAreWhateverTheIndexSaysOfThem() {
        index("/city");
        build();
        region.commit(RegionReplica.delete("k0013"));
        Answer answer = ask("SELECT COUNT(*) AS n FROM things WHERE city = 'c3'", RegionReplica.key("k0003"), RegionReplica.key("k0004"),
                RegionReplica.key("k0013"));
        assertThat(answer.rows()).containsExactly("{\"n\":18}");
        assertThat(answer.held()).extracting(row -> row.key().id()).containsExactly("k0003", "k0004", "k0013");
    }
}
