package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.catalog.TtlDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.node.query.FragmentServer;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.FragmentFrame;
import io.aviladb.proto.node.FragmentRequest;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.proto.node.ScanRequest;
import io.aviladb.query.merge.FinalMerge;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.Partial;
import io.aviladb.query.merge.PartialCodec;
import io.aviladb.query.merge.QueryMemory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way of reading beside the plain one, and documents that have expired. The leader hasn't taken them away unless the test says so. */
class TtlReadsTest {
    private static final ReadTerms NOW = new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 1_000);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final ArrayDeque<Runnable> work = new ArrayDeque<>();
    private final FragmentServer server = new FragmentServer(work::add, () -> 0, new QueryMemory(8 << 20));
    @SuppressWarnings("NullAway.Init")
    private Regions regions;
    @SuppressWarnings("NullAway.Init")
    private RegionReplica a;
    @SuppressWarnings("NullAway.Init")
    private RegionReplica b;

    /** Of ten documents the even ones live for ten seconds, the odd ones for ever. Twenty seconds pass. */
    @BeforeEach
    void open() {
        regions = Regions.of(2, directory);
        a = regions.get(1);
        b = regions.get(2);
        IndexDefinition city = new IndexDefinition(0, "city", Stream.of("/city").map(IndexDefinition.Field::parse).toList(), false, "");
        CollectionDefinition plain = RegionReplica.COLLECTION;
        CollectionDefinition live = plain.withIndexes(plain.indexes().with(city), plain.catalogVersion() + 1)
                .withTtl(new TtlDefinition(0, Optional.of(FieldPath.of("ttl"))), plain.catalogVersion() + 2);
        for (RegionReplica region : regions.all) {
            region.apply(new GroupEntry.Alter(region.range, live));
            for (int index : region.owned().builds().next().keySet()) {
                byte[] from = region.owned().builds().next(index).orElseThrow();
                region.apply(new GroupEntry.BuildIndex(region.range.range(), index, from, 1_000, 1 << 20));
            }
            assertThat(region.owned().builds().next()).as("whole").isEmpty();
        }
        for (int i = 0; i < 10; i++) {
            a.commit(RegionReplica.insert("k" + i, "{\"id\":\"k%d\",\"city\":\"c\"%s}".formatted(i, i % 2 == 0 ? ",\"ttl\":10" : "")));
        }
        regions.at(a.millis + 5_000);
        regions.settle();
        regions.at(a.millis + 15_000);
        regions.settle();
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private GroupReader reader(RegionReplica region) {
        return new GroupReader(new LeaderAlone(), region.machine, region.self, () -> {}, (delay, task) -> () -> {}, Runnable::run);
    }

    private static void sweep(RegionReplica region) {
        new CollectorPlan(region.machine, region.self, 3_600_000, 3_600_000).next(region.millis).forEach(region::apply);
    }

    /** @param held documents that the query leaves to its caller */
    private record Answer(List<String> values, long documents, List<ScanReply.Row> held) {}

    private Answer query(RegionReplica region, String statement, DocumentKey... held) {
        Fragment fragment = new Fragment(statement, Map.of(), 0, 100, 1 << 20, Optional.empty());
        Fragment.Ready ready = fragment.ready(RegionReplica.COLLECTION.strategy());
        List<Partial> partials = new ArrayList<>();
        List<ScanReply.Row> rows = new ArrayList<>();
        long[] documents = {0};
        FragmentRequest request = new FragmentRequest(region.range, region.owned().keys(), List.of(held), fragment.toBytes(), NOW, 10_000);
        server.open(reader(region), request.encode(), new NodeStream.Receiver() {
            @Override
            public void onFrame(byte[] bytes) {
                FragmentFrame frame = FragmentFrame.decode(bytes);
                if (frame instanceof FragmentFrame.Piece piece) {
                    partials.add(PartialCodec.read(ready.plan(), piece.bytes()));
                } else if (frame instanceof FragmentFrame.Held some) {
                    rows.addAll(some.rows());
                } else if (frame instanceof FragmentFrame.End end) {
                    documents[0] += end.documents();
                }
            }

            @Override
            public void onEnd() {
            }

            @Override
            public void onError(Throwable cause) {
                throw new AssertionError(cause);
            }
        }).request(1_000);
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
        List<String> values = FinalMerge.page(ready.plan(), ready.bindings(), ready.page(), partials).values().stream()
                .map(JsonValue::toJson).toList();
        return new Answer(values, documents[0], rows);
    }

    private List<String> scan(RegionReplica region, boolean countOnly, ReadTerms terms) {
        return reader(region)
                .scan(new ScanRequest(1, region.range, RegionReplica.ALL, Optional.empty(), 100, 1 << 20, countOnly, false, terms))
                .join().rows().stream().map(row -> row.key().id()).toList();
    }

    private Optional<String> read(RegionReplica region, String id, ReadTerms terms) {
        return reader(region).read(new ReadRequest(1, region.range, RegionReplica.key(id), terms)).join().json()
                .map(json -> new String(json, StandardCharsets.UTF_8));
    }

    private ReadTerms at(long millis) {
        HybridTimestamp cut = HybridTimestamp.ofMillis(millis);
        return new ReadTerms(ReadConsistency.SNAPSHOT, VersionVector.of(a.self, cut).with(b.self, cut), 1_000);
    }

    @Test
    void queriesByScanAndByIndexLeaveThemOut() {
        for (RegionReplica region : regions.all) {
            assertThat(query(region, "SELECT VALUE id FROM things ORDER BY id").values()).containsExactly("\"k1\"", "\"k3\"", "\"k5\"",
                    "\"k7\"", "\"k9\"");
            assertThat(query(region, "SELECT VALUE id FROM things WHERE city = 'c' AND id < 'k6'").values())
                    .containsExactlyInAnyOrder("\"k1\"", "\"k3\"", "\"k5\"");
        }
    }

    /** A count looks into no document, and neither does one whose condition an index answers: the head alone has to say it. */
    @Test
    void countsThatReadNoDocumentLeaveThemOut() {
        for (RegionReplica region : regions.all) {
            for (String statement : List.of("SELECT VALUE COUNT(*) FROM things", "SELECT VALUE COUNT(*) FROM things WHERE city = 'c'")) {
                Answer answer = query(region, statement);
                assertThat(answer.values()).as(statement).containsExactly("5");
                assertThat(answer.documents()).as(statement).isEqualTo(5);
            }
            assertThat(scan(region, true, NOW)).hasSize(5);
        }
    }

    /** A query of all regions lets the home region hold back what others have beyond it: what has expired comes as one that is gone. */
    @Test
    void whatIsHeldForAGlobalQueryComesAsGone() {
        Answer answer = query(a, "SELECT VALUE id FROM things", RegionReplica.key("k0"), RegionReplica.key("k1"));
        assertThat(answer.values()).doesNotContain("\"k0\"", "\"k1\"");
        assertThat(answer.held()).extracting(row -> row.key().id() + (row.deleted() ? " gone" : "")).containsExactlyInAnyOrder("k0 gone",
                "k1");
    }

    /** A region that is ahead has seen the end of a document, the other one not yet: in whatever order their rows come, it is over. */
    @Test
    void ofTwoRegionsTheOneThatHasSeenTheEndIsBelieved() {
        b.millis += 1_000;
        b.commit(RegionReplica.insert("z", "{\"ttl\":2}"));
        regions.at(b.millis + 1_000);
        regions.settle();
        a.millis += 5_000;
        a.tick();
        VersionVector vector = Objects.requireNonNull(a.head("z")).vector();
        assertThat(Objects.requireNonNull(b.head("z")).vector()).as("the same state").isEqualTo(vector);
        ScanReply.Row over = row(a, "z");
        ScanReply.Row lives = row(b, "z");
        assertThat(over.deleted()).isTrue();
        assertThat(lives.deleted()).isFalse();
        assertThat(ScanReply.Row.newest(over, lives)).isEqualTo(over);
        assertThat(ScanReply.Row.newest(lives, over)).isEqualTo(over);
    }

    /** As a listing of all regions asks for it: with what is gone. */
    private ScanReply.Row row(RegionReplica region, String id) {
        return reader(region).scan(new ScanRequest(1, region.range, RegionReplica.ALL, Optional.empty(), 100, 1 << 20, false, true, NOW))
                .join()
                .rows().stream().filter(row -> row.key().id().equals(id)).findFirst().orElseThrow();
    }

    /** A state of the past is judged by its own time, before the sweep and after it. */
    @Test
    void aSnapshotFromBeforeTheExpiryShowsThem() {
        long written = Objects.requireNonNull(a.head("k0")).newest().stamp().millis();
        for (boolean swept : new boolean[]{false, true}) {
            for (RegionReplica region : regions.all) {
                assertThat(Objects.requireNonNull(region.head("k0")).deleted()).isEqualTo(swept);
                assertThat(scan(region, false, at(written + 9_999))).as("region %s, swept %s", region.self, swept).hasSize(10);
                assertThat(read(region, "k0", at(written + 9_999))).isPresent();
                assertThat(scan(region, false, at(written + 12_000))).containsExactly("k1", "k3", "k5", "k7", "k9");
                assertThat(read(region, "k0", at(written + 12_000))).as("region %s, swept %s", region.self, swept).isEmpty();
            }
            sweep(a);
            regions.settle();
        }
    }

    /** A change by condition is a query and then a write that demands the state that the query saw. */
    @Test
    void aChangeByConditionDoesntReachThem() {
        VersionVector state = Objects.requireNonNull(a.head("k0")).vector();
        UnitAnswer put = a.write(RegionReplica.replace("k0", state, "{\"late\":true}"));
        assertThat(put).isInstanceOfSatisfying(UnitAnswer.Refused.class,
                refused -> assertThat(refused.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED));
        assertThat(a.write(RegionReplica.delete("k0"))).isInstanceOfSatisfying(UnitAnswer.Refused.class,
                refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DOCUMENT_NOT_FOUND));
        assertThat(Objects.requireNonNull(a.head("k0")).vector()).isEqualTo(state);
    }

    /** An operation's answer outlives the document that it made: a retry hears the same, and makes nothing again. */
    @Test
    void aRetriedInsertDoesntMakeTheDocumentAnew() {
        OperationId operation = Regions.operation(7, a, "once");
        UnitAnswer first = a.write(operation, VersionVector.EMPTY, RegionReplica.insert("new", "{\"ttl\":1}"));
        a.millis += 2_000;
        a.tick();
        assertThat(read(a, "new", NOW)).isEmpty();
        assertThat(a.write(operation, VersionVector.EMPTY, RegionReplica.insert("new", "{\"ttl\":1}")).toByteArray())
                .isEqualTo(first.toByteArray());
        assertThat(read(a, "new", NOW)).isEmpty();
        regions.at(a.millis);
        regions.settle();
        sweep(a);
        assertThat(Objects.requireNonNull(a.head("new")).deleted()).isTrue();
        assertThat(a.write(operation, VersionVector.EMPTY, RegionReplica.insert("new", "{\"ttl\":1}")).toByteArray()).as("once swept")
                .isEqualTo(first.toByteArray());
        assertThat(a.write(Regions.operation(8, a, "again"), VersionVector.EMPTY, RegionReplica.insert("new", "{}")))
                .as("another operation takes the id").isInstanceOf(UnitAnswer.Committed.class);
    }

    /** The index names the new document only, and queries through it find it once. */
    @Test
    void anIdThatIsTakenAgainIsInTheIndexOnce() {
        a.commit(RegionReplica.insert("k0", "{\"id\":\"k0\",\"city\":\"elsewhere\"}"));
        assertThat(query(a, "SELECT VALUE id FROM things WHERE city = 'elsewhere'").values()).containsExactly("\"k0\"");
        assertThat(query(a, "SELECT VALUE COUNT(*) FROM things WHERE city = 'c'").values()).containsExactly("5");
        sweep(a);
        assertThat(query(a, "SELECT VALUE COUNT(*) FROM things WHERE city = 'c'").values()).as("after the sweep").containsExactly("5");
        assertThat(read(a, "k0", NOW)).isPresent();
    }
}
