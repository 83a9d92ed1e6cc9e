package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerEntry;
import io.aviladb.node.controller.ControllerMachine;
import io.aviladb.node.controller.RangeThresholds;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeReply;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the controller's leader begins by itself, and what it doesn't begin twice. */
class RangeKeeperTest {
    private static final RangeThresholds THRESHOLDS = new RangeThresholds(true, Duration.ofSeconds(1), 1_000, 100, 400, 20,
            Duration.ofSeconds(10));
    private static final NodeId LEADER = new NodeId(new RegionId("r"), 1);
    private static final NodeId OTHER = new NodeId(new RegionId("r"), 2);

    @TempDir
    Path directory;

    private final SharedEngine shared = SharedEngine.create(new EngineOptions(4 << 20, 16 << 20, 2, 0));
    private final ControllerMachine controller = new ControllerMachine(shared, List.of(101));
    private final List<RangeRequest> asked = new ArrayList<>();
    private final List<NodeStatus.Range> measured = new ArrayList<>();
    private Supplier<CompletableFuture<List<NodeStatus.Range>>> survey = () -> CompletableFuture.completedFuture(List.copyOf(measured));
    private byte[] middle = key(5);
    private Supplier<CompletableFuture<RangeReply>> answer = () -> CompletableFuture.completedFuture(new RangeReply(List.of(), middle));
    private boolean leads = true;
    private long index;
    private long now = 100_000;

    @BeforeEach
    void open() throws IOException {
        controller.open(directory.resolve("db"));
        apply(new ControllerEntry.Assign(1));
    }

    @AfterEach
    void close() {
        controller.close();
        shared.close();
    }

    private static byte[] key(int last) {
        return new byte[]{0, 0, 0, 1, (byte) last};
    }

    private Object apply(ControllerEntry entry) {
        return controller.apply(new LogPosition(1, ++index), entry.encode(), null);
    }

    private RangeKeeper keeper(RangeThresholds thresholds) {
        NodeApi api = (NodeApi) Proxy.newProxyInstance(NodeApi.class.getClassLoader(), new Class<?>[]{NodeApi.class},
                (proxy, method, arguments) -> {
                    asked.add((RangeRequest) arguments[0]);
                    return answer.get();
                });
        NodeApi follower = (NodeApi) Proxy.newProxyInstance(NodeApi.class.getClassLoader(), new Class<?>[]{NodeApi.class},
                (proxy, method, arguments) -> CompletableFuture.failedFuture(NodeRefusal.notLeader(101, Optional.of(LEADER))));
        GroupLeaders leaders = new GroupLeaders(number -> Optional.of(OTHER), number -> List.of(OTHER, LEADER),
                node -> node.equals(LEADER) ? api : follower);
        return new RangeKeeper(thresholds, leaders, () -> survey.get());
    }

    private RaftGroup raft() {
        return (RaftGroup) Proxy.newProxyInstance(RaftGroup.class.getClassLoader(), new Class<?>[]{RaftGroup.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "leadership" -> new Leadership(1, leads, Optional.empty());
                    case "propose" -> CompletableFuture.completedFuture(apply(ControllerEntry.decode((byte[]) arguments[0])));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private void look(RangeKeeper keeper) {
        now += 1_000;
        assertThat(keeper.look(raft(), controller, now)).isCompleted();
    }

    private void measure(RangeRef ref, long bytes, double ops, byte[] at) {
        measured.removeIf(range -> range.ref().range() == ref.range());
        measured.add(new NodeStatus.Range(ref, bytes, ops, at, List.of()));
    }

    private List<RangeOperation> operations() {
        return controller.value().operations();
    }

    private void finish() {
        controller.value().running().forEach(operation -> apply(new ControllerEntry.Finish(operation.number(), "")));
    }

    @Test
    void aLargeRangeIsCutAtTheMiddleThatItsGroupsLeaderNames() {
        measure(new RangeRef(1, 1), 5_000, 0, new byte[0]);
        RangeKeeper keeper = keeper(THRESHOLDS);
        look(keeper);
        assertThat(operations()).as("the first node asked doesn't lead, and names who does").isEmpty();
        look(keeper);
        assertThat(asked).hasSize(1).first().isInstanceOfSatisfying(RangeRequest.Middle.class,
                asked -> assertThat(asked.range()).isEqualTo(new RangeRef(1, 1)));
        assertThat(operations()).hasSize(1);
        RangeOperation begun = operations().getFirst();
        assertThat(begun.at()).isEqualTo(key(5));
        assertThat(begun.byHand()).as("nobody asked for the bound: it may go again").isFalse();
        look(keeper);
        assertThat(operations()).as("one operation at a time").hasSize(1);
        finish();
        look(keeper);
        assertThat(operations()).as("what was measured at the old epoch counts for nothing").hasSize(1);
    }

    @Test
    void aDeposedLeaderAndItsSuccessorBeginOneOperation() {
        measure(new RangeRef(1, 1), 5_000, 0, new byte[0]);
        RangeKeeper first = keeper(THRESHOLDS);
        RangeKeeper second = keeper(THRESHOLDS);
        look(first);
        look(second);
        CompletableFuture<RangeReply> late = new CompletableFuture<>();
        answer = () -> late;
        now += 1_000;
        CompletableFuture<Void> deposed = first.look(raft(), controller, now);
        assertThat(deposed).isNotDone();
        answer = () -> CompletableFuture.completedFuture(new RangeReply(List.of(), key(5)));
        look(second);
        finish();
        assertThat(controller.map().ranges()).hasSize(2);
        late.complete(new RangeReply(List.of(), key(6))); // documents were written between; by now the key is the child's
        assertThat(deposed).isCompleted();
        assertThat(operations()).as("what was decided for an epoch is done once").hasSize(1);
    }

    @Test
    void whoDoesNotLeadLooksAtNothingAndBeginsToWatchAnew() {
        measure(new RangeRef(1, 1), 10, 500, key(7));
        RangeKeeper keeper = keeper(THRESHOLDS);
        look(keeper);
        look(keeper);
        leads = false;
        survey = () -> {
            throw new AssertionError("a follower has nothing to ask");
        };
        look(keeper);
        survey = () -> CompletableFuture.completedFuture(List.copyOf(measured));
        leads = true;
        look(keeper);
        look(keeper);
        assertThat(operations()).isEmpty();
        look(keeper);
        assertThat(operations()).hasSize(1);
        assertThat(operations().getFirst().at()).isEqualTo(key(7));
    }

    @Test
    void switchedOffItDoesNothing() {
        measure(new RangeRef(1, 1), Long.MAX_VALUE, 1e9, key(7));
        RangeKeeper keeper = keeper(RangeThresholds.OFF);
        for (int i = 0; i < 10; i++) {
            look(keeper);
        }
        assertThat(operations()).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void aRangeThatIsOneDocumentIsAskedForItsMiddleOnce() {
        measure(new RangeRef(1, 1), 5_000, 0, new byte[0]);
        middle = new byte[0];
        RangeKeeper keeper = keeper(THRESHOLDS);
        for (int i = 0; i < 10; i++) {
            look(keeper);
        }
        assertThat(asked).hasSize(1);
        measure(new RangeRef(1, 1), 10_000, 0, new byte[0]);
        middle = key(9);
        look(keeper);
        assertThat(operations()).hasSize(1);
    }

    @Test
    void noLookBeginsBeforeThePeriodIsOverOrThePreviousOneHasEnded() {
        measure(new RangeRef(1, 1), 10, 500, key(7));
        RangeKeeper keeper = keeper(THRESHOLDS);
        look(keeper);
        for (int i = 0; i < 5; i++) {
            keeper.look(raft(), controller, now + 999);
        }
        assertThat(operations()).as("these were no looks").isEmpty();
        CompletableFuture<List<NodeStatus.Range>> silent = new CompletableFuture<>();
        survey = () -> silent;
        now += 1_000;
        CompletableFuture<Void> waiting = keeper.look(raft(), controller, now);
        survey = () -> {
            throw new AssertionError("one look at a time");
        };
        look(keeper);
        silent.completeExceptionally(new IllegalStateException("lost"));
        assertThat(waiting).isCompletedExceptionally();
        survey = () -> CompletableFuture.completedFuture(List.copyOf(measured));
        look(keeper);
        look(keeper);
        assertThat(operations()).as("a look that failed ends nothing").hasSize(1);
    }

    @Test
    void coldNeighboursAreUnitedButNotAtABoundMadeByHand() {
        apply(new ControllerEntry.Split(1, key(3), false, 1));
        finish();
        apply(new ControllerEntry.Split(1, key(6), true, 2));
        finish();
        controller.map().ranges().forEach(range -> measure(range.ref(), 10, 0, new byte[0]));
        RangeKeeper keeper = keeper(THRESHOLDS);
        for (int i = 0; i < 10; i++) {
            look(keeper);
        }
        assertThat(controller.value().running()).isEmpty();
        look(keeper);
        assertThat(controller.value().running()).hasSize(1);
        finish();
        controller.map().ranges().forEach(range -> measure(range.ref(), 10, 0, new byte[0]));
        for (int i = 0; i < 20; i++) {
            look(keeper);
        }
        assertThat(controller.value().running()).isEmpty();
        assertThat(controller.map().ranges()).hasSize(2);
        assertThat(controller.map().ranges().getLast().keys().start()).isEqualTo(key(6));
    }

    /** As keys of documents: a hot one leaves no bound, and begins nothing. */
    @Test
    void aHotKeyBeginsNothing() {
        RangeRef ref = new RangeRef(1, 1);
        measured.add(new NodeStatus.Range(ref, 10, 500, new byte[0], List.of(new NodeStatus.HotKey(new DocumentKey(key(4)), 0.95))));
        RangeKeeper keeper = keeper(THRESHOLDS);
        for (int i = 0; i < 10; i++) {
            look(keeper);
        }
        assertThat(operations()).isEmpty();
        assertThat(asked).isEmpty();
    }
}
