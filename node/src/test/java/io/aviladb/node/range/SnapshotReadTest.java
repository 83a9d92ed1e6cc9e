package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.time.CutGrid;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.proto.node.ScanRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads of a cut, at the region that wrote and at one that pulled. */
class SnapshotReadTest {
    @TempDir
    Path directory;

    private final List<Runnable> timers = new ArrayList<>();
    private Regions regions;
    private RegionReplica a;
    private RegionReplica b;
    private boolean leads = true;
    private int marksWanted;

    @BeforeEach
    void open() {
        regions = Regions.of(2, directory);
        a = regions.get(1);
        b = regions.get(2);
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private GroupReader reader(RegionReplica region) {
        LeaderAlone raft = new LeaderAlone() {
            @Override
            public Leadership leadership() {
                return new Leadership(1, leads, Optional.empty());
            }

            @Override
            public GroupDescriptor descriptor() {
                return new GroupDescriptor(101, GroupDescriptor.Kind.DATA, List.of(), new NodeId(new RegionId("a"), 1));
            }
        };
        GroupReader reader = new GroupReader(raft, region.machine, region.self, () -> {}, (delay, task) -> {
            timers.add(task);
            return () -> timers.remove(task);
        }, Runnable::run);
        reader.onMarksWanted(() -> marksWanted++);
        return reader;
    }

    private ReadTerms terms(HybridTimestamp cut) {
        return new ReadTerms(ReadConsistency.SNAPSHOT, VersionVector.of(a.self, cut).with(b.self, cut), 1_000);
    }

    private CompletableFuture<ReadReply> read(RegionReplica region, String id, HybridTimestamp cut) {
        return reader(region).read(new ReadRequest(101, region.range, RegionReplica.key(id), terms(cut)));
    }

    private static Optional<String> text(CompletableFuture<ReadReply> read) {
        assertThat(read).isCompleted();
        return read.join().json().map(json -> new String(json, StandardCharsets.UTF_8));
    }

    private List<String> scan(RegionReplica region, HybridTimestamp cut) {
        CompletableFuture<ScanReply> scan = reader(region)
                .scan(new ScanRequest(101, region.range, RegionReplica.ALL, Optional.empty(), 100, 1 << 20, false, true, terms(cut)));
        assertThat(scan).isCompleted();
        return scan.join().rows().stream().map(row -> row.key().id() + (row.deleted()
                ? " deleted"
                : new String(row.json(),
                        StandardCharsets.UTF_8)))
                .toList();
    }

    private static HybridTimestamp cutAt(long millis) {
        return CutGrid.including(HybridTimestamp.ofMillis(millis));
    }

    @Test
    void s41_aCutOfARegionThatPulledIsWhole() {
        b.millis = 1_000;
        b.commit(RegionReplica.insert("k", "{\"x\":1}"));
        b.millis = 1_150;
        b.commit(RegionReplica.put("k", "{\"x\":2}"));
        b.commit(RegionReplica.insert("later", "{\"x\":3}"));
        b.millis = 1_260;
        b.commit(RegionReplica.delete("k"));
        regions.at(2_000);
        regions.settle(); // one batch brings all of it
        for (RegionReplica region : regions.all) {
            assertThat(text(read(region, "k", cutAt(900)))).isEmpty();
            assertThat(text(read(region, "k", cutAt(1_000)))).as("region %s", region.self).hasValue("{\"x\":1}");
            assertThat(text(read(region, "k", cutAt(1_100)))).as("region %s", region.self).hasValue("{\"x\":2}");
            assertThat(text(read(region, "k", cutAt(1_200)))).isEmpty();
            assertThat(scan(region, cutAt(1_000))).containsExactly("k{\"x\":1}");
            assertThat(scan(region, cutAt(1_100))).containsExactly("k{\"x\":2}", "later{\"x\":3}");
            assertThat(scan(region, cutAt(1_200))).containsExactly("k deleted", "later{\"x\":3}");
        }
    }

    @Test
    void whatTheCutLacksIsWaitedForAtTheLeaderAndLeftToItElsewhere() {
        regions.at(1_000);
        a.commit(RegionReplica.insert("k", "{\"x\":1}"));
        HybridTimestamp cut = cutAt(1_000);
        CompletableFuture<ReadReply> waiting = read(b, "k", cut);
        assertThat(waiting).as("neither A's writes nor its own are closed").isNotDone();
        assertThat(marksWanted).isEqualTo(1);
        leads = false;
        assertThatThrownBy(() -> read(b, "k", cut).join()).isInstanceOf(CompletionException.class).cause()
                .isInstanceOfSatisfying(NodeRefusal.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.NO_LEADER));
        leads = true;
        regions.at(1_100);
        b.tick();
        assertThat(waiting).isNotDone();
        regions.settle();
        assertThat(waiting.orTimeout(10, TimeUnit.SECONDS).join().json()).isPresent();
        leads = false;
        assertThat(text(read(b, "k", cut))).as("closed is closed, whoever leads").isPresent();
    }

    @Test
    void aCutThatTheOwnGroupHasNotClosedIsWaitedForThoughTheOthersHave() {
        regions.at(1_000);
        a.commit(RegionReplica.insert("k", "{\"x\":1}"));
        b.millis = 3_000;
        b.tick();
        regions.link(1, 2).catchUp();
        CompletableFuture<ReadReply> read = read(a, "k", cutAt(2_000));
        assertThat(read).as("A may still write below the cut").isNotDone();
        a.commit(RegionReplica.put("k", "{\"x\":2}"));
        a.millis = 2_500;
        a.tick();
        assertThat(read.orTimeout(60, java.util.concurrent.TimeUnit.SECONDS).join().json()).hasValueSatisfying(
                json -> assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo("{\"x\":2}"));
    }

    @Test
    void timeThatEndsFirstIsRefused() {
        CompletableFuture<ReadReply> waiting = read(b, "k", cutAt(5_000));
        List.copyOf(timers).forEach(Runnable::run);
        assertThatThrownBy(waiting::join).cause().isInstanceOfSatisfying(NodeRefusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.SNAPSHOT_NOT_REACHED));
    }

    @Test
    void whatTheCollectorTookIsRefusedAndWhatItLeftIsWhole() {
        regions.at(1_000);
        a.commit(RegionReplica.insert("k", "{\"x\":1}"));
        regions.at(1_150);
        a.commit(RegionReplica.put("k", "{\"x\":2}"));
        regions.at(1_250);
        a.commit(RegionReplica.put("k", "{\"x\":3}"));
        regions.at(2_000);
        regions.settle();
        a.apply(new GroupEntry.Collect(cutAt(1_100))); // the second write has come, the third has not
        assertThat(text(read(a, "k", cutAt(1_100)))).as("superseded later").hasValue("{\"x\":2}");
        assertThat(a.versions("k")).hasSize(2);
        assertThatThrownBy(() -> read(a, "k", cutAt(1_000)).join()).cause().isInstanceOfSatisfying(NodeRefusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD));
        assertThatThrownBy(() -> scan(a, cutAt(1_000))).hasMessageContaining("NodeRefusal");
        assertThat(text(read(b, "k", cutAt(1_000)))).as("B has taken nothing away").hasValue("{\"x\":1}");
    }

    @Test
    void deletesStayUntilTheirTimeIsOver() {
        regions.at(1_000);
        a.commit(RegionReplica.insert("k", "{\"x\":1}"));
        regions.at(1_150);
        a.commit(RegionReplica.delete("k"));
        regions.at(2_000);
        regions.settle();
        GroupEntry.Forget early = new GroupEntry.Forget(List.of(RegionReplica.key("k")), cutAt(1_000));
        a.apply(early);
        assertThat(text(read(a, "k", cutAt(1_000)))).hasValue("{\"x\":1}");
        a.apply(new GroupEntry.Forget(List.of(RegionReplica.key("k")), cutAt(1_200)));
        assertThat(a.head("k")).isNull();
        assertThatThrownBy(() -> read(a, "k", cutAt(1_000)).join()).cause().isInstanceOf(NodeRefusal.class);
        assertThat(text(read(a, "k", cutAt(1_200)))).isEmpty();
    }

    @Test
    void s8_whoReplaysTheLogRefusesTheSameCuts() {
        regions.at(1_000);
        a.commit(RegionReplica.insert("k", "{\"x\":1}"));
        regions.at(1_150);
        a.commit(RegionReplica.put("k", "{\"x\":2}"));
        regions.at(1_250);
        a.commit(RegionReplica.put("k", "{\"x\":3}"));
        regions.at(2_000);
        regions.settle();
        Path before = a.checkpoint();
        a.apply(new GroupEntry.Collect(cutAt(1_100)));
        a.crashTo(before); // as a follower that is behind, and leads next
        assertThat(a.versions("k")).hasSize(2);
        assertThatThrownBy(() -> read(a, "k", cutAt(1_000)).join()).cause().isInstanceOfSatisfying(NodeRefusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD));
        assertThat(text(read(a, "k", cutAt(1_100)))).hasValue("{\"x\":2}");
    }

    @Test
    void s44_a404AfterCollectionTellsWhatWasForgotten() {
        regions.at(1_000);
        a.commit(RegionReplica.insert("k", "{\"x\":1}"));
        regions.settle();
        regions.at(1_150);
        UnitAnswer.Committed deleted = a.commit(RegionReplica.delete("k"));
        regions.at(2_000);
        regions.settle();
        a.apply(new GroupEntry.Forget(List.of(RegionReplica.key("k")), cutAt(1_200)));
        assertThat(a.head("k")).as("nothing is left of it").isNull();
        ReadReply gone = reader(a).read(new ReadRequest(101, a.range, RegionReplica.key("k"),
                new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 1_000))).join();
        assertThat(gone.json()).isEmpty();
        assertThat(gone.seen().covers(deleted.version())).as("what the session waits for elsewhere").isTrue();
    }

    @Test
    void entriesOfOlderLogsAreRead() {
        byte[] old = new ByteWriter().writeByte(GroupEntry.APPLY_VERSION).writeLong(0).writeByte(7).writeVarInt(1)
                .writeBytes(RegionReplica.key("k").bytes()).toByteArray();
        assertThat(GroupEntry.decode(old).entry())
                .isEqualTo(new GroupEntry.Forget(List.of(RegionReplica.key("k")), HybridTimestamp.MAX));
        GroupEntry now = new GroupEntry.Forget(List.of(RegionReplica.key("k")), cutAt(7));
        assertThat(GroupEntry.decode(GroupEntry.encode(HybridTimestamp.ZERO, now)).entry()).isEqualTo(now);
    }
}
