package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.Clock;
import io.aviladb.core.time.HybridLogicalClock;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.RangeMap;
import io.aviladb.node.group.DataGroup;
import io.aviladb.node.range.GroupEntry;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.node.range.RangeMachine;
import io.aviladb.node.range.TransferStep;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a group's leader takes on and lets go by a map that may be behind its log. */
class ReconcilerTest {
    private static final int GROUP = 101;
    private static final RegionIncarnation SELF = new RegionIncarnation(1);
    private static final CollectionDefinition COLLECTION = new CollectionDefinition(1, "db", "things",
            PartitionStrategy.single(FieldPath.of("id")), MergePolicyDefinition.DEFAULT, 1);
    private static final KeyRange ALL = KeyRange.collection(1);
    private static final byte[] BOUND = {0, 0, 0, 1, 5};

    @TempDir
    Path directory;

    private final SharedEngine shared = SharedEngine.create(new EngineOptions(4 << 20, 16 << 20, 2, 0));
    private final RangeMachine machine = new RangeMachine(SELF, GROUP, shared);
    private final DataGroup group = new DataGroup(raft(), machine, SELF, new HybridLogicalClock(Clock.system()), (delay, task) -> () -> {},
            Runnable::run, 60_000, System::nanoTime);
    private final Reconciler reconciler = new Reconciler();
    private long index;
    private long now = 1_000_000;

    @BeforeEach
    void open() throws IOException {
        machine.open(directory.resolve("db"));
        reconcile(map(2, range(1, 1, ALL)));
    }

    @AfterEach
    void close() {
        machine.close();
        shared.close();
    }

    private RaftGroup raft() {
        return (RaftGroup) Proxy.newProxyInstance(RaftGroup.class.getClassLoader(), new Class<?>[]{RaftGroup.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "leadership" -> new Leadership(1, true, Optional.empty());
                    case "descriptor" -> new GroupDescriptor(GROUP, GroupDescriptor.Kind.DATA,
                            List.of(), new NodeId(new RegionId("r"), 1));
                    case "propose" -> CompletableFuture.completedFuture(
                            machine.apply(new LogPosition(1, ++index), (byte[]) arguments[0], null));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static RangeMap.Range range(long number, long epoch, KeyRange keys) {
        return new RangeMap.Range(new RangeRef(number, epoch), 1, keys, GROUP);
    }

    private static RangeMap map(long next, RangeMap.Range... ranges) {
        return new RangeMap(7, next, List.of(ranges));
    }

    private void reconcile(RangeMap map) {
        now += 10_000;
        reconciler.dataGroup(group, map, new CatalogView(1, List.of("db"), List.of(COLLECTION)), List.of(SELF), now);
    }

    private Map<Long, OwnedRange> owned() {
        return machine.ranges();
    }

    private void apply(GroupEntry entry) {
        machine.apply(new LogPosition(1, ++index), GroupEntry.encode(HybridTimestamp.ofMillis(1_000), entry), null);
    }

    @Test
    void whatTheMapGivesIsTakenOnAndWhatItTakesAwayIsLetGo() {
        assertThat(owned().values()).extracting(OwnedRange::ref).containsExactly(new RangeRef(1, 1));
        reconcile(map(2));
        assertThat(owned()).isEmpty();
    }

    @Test
    void aChildThatTheMapHasNotHeardOfStays() {
        apply(new GroupEntry.Split(new RangeRef(1, 1), BOUND, 2));
        Map<Long, OwnedRange> cut = owned();
        assertThat(cut).hasSize(2);
        reconcile(map(3, range(1, 1, ALL)));
        assertThat(owned()).isEqualTo(cut);
    }

    @Test
    void aRangeThatWasMergedIsNotTakenOnAgain() {
        apply(new GroupEntry.Split(new RangeRef(1, 1), BOUND, 2));
        apply(new GroupEntry.Merge(new RangeRef(1, 2), new RangeRef(2, 2)));
        Map<Long, OwnedRange> whole = owned();
        assertThat(whole).hasSize(1);
        reconcile(map(3, range(1, 2, new KeyRange(ALL.start(), BOUND)), range(2, 2, new KeyRange(BOUND, ALL.end()))));
        assertThat(owned()).isEqualTo(whole);
    }

    @Test
    void aNumberThatTheMapHasNotGivenYetIsNothingToDrop() {
        Map<Long, OwnedRange> before = owned();
        reconcile(new RangeMap(1, 1, List.of())); // of a node whose map is older than the range
        assertThat(owned()).isEqualTo(before);
    }

    private static final KeyRange MOVING = KeyRange.collection(9);

    private static RangeMap.Range moving(long epoch, int group) {
        return new RangeMap.Range(new RangeRef(5, epoch), 1, MOVING, group);
    }

    private void receive() {
        apply(new GroupEntry.Transfer(new TransferStep.Receive(3, new RangeRef(5, 1), MOVING)));
        assertThat(machine.transfers().arriving()).hasSize(1);
    }

    @Test
    void aRangeThatIsOnItsWayHereIsNotTakenOnEmpty() {
        receive();
        reconcile(map(9, range(1, 1, ALL), moving(2, GROUP)));
        assertThat(owned().values()).extracting(OwnedRange::ref).containsExactly(new RangeRef(1, 1));
        assertThat(machine.transfers().arriving()).hasSize(1);
    }

    @Test
    void theCopyOfARangeThatStayedGoesAndThatOfOneThatMayStillComeStays() {
        receive();
        reconcile(map(9, range(1, 1, ALL), moving(1, GROUP + 1)));
        assertThat(machine.transfers().arriving()).as("nobody has decided").hasSize(1);
        reconcile(map(9, range(1, 1, ALL), moving(3, GROUP + 1)));
        assertThat(machine.transfers().arriving()).isEmpty();
    }

    @Test
    void theCopyOfACollectionThatWasDroppedGoes() {
        receive();
        reconcile(map(9, range(1, 1, ALL)));
        assertThat(machine.transfers().arriving()).isEmpty();
    }

    @Test
    void aFrozenRangeOfACollectionThatWasDroppedGoes() {
        apply(new GroupEntry.Transfer(new TransferStep.Export(4, new RangeRef(1, 1))));
        apply(new GroupEntry.Transfer(new TransferStep.Freeze(4, new RangeRef(1, 1))));
        reconcile(map(9, range(1, 1, ALL)));
        assertThat(owned()).as("frozen, and not taken on again").isEmpty();
        assertThat(machine.transfers().leaving()).hasSize(1);
        reconcile(map(9));
        assertThat(machine.transfers().leaving()).isEmpty();
    }
}
