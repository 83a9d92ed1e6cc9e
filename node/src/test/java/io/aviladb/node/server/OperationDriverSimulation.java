package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerEntry;
import io.aviladb.node.controller.ControllerMachine;
import io.aviladb.node.controller.ControllerState;
import io.aviladb.node.range.GroupEntry;
import io.aviladb.node.range.RangeChange;
import io.aviladb.node.range.RangeMachine;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeReply;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The crash table of splits and merges: messages and answers between controller, group and map are lost at every point, drivers die and begin
 * anew, old requests arrive late. {@code -Davila.seeds=N} runs more seeds.
 */
class OperationDriverSimulation {
    private static final SharedEngine ENGINE = SharedEngine.create(new EngineOptions(4 << 20, 16 << 20, 2, 0));
    private static final CollectionDefinition COLLECTION = new CollectionDefinition(1, "db", "things",
            PartitionStrategy.single(FieldPath.of("id")), MergePolicyDefinition.DEFAULT, 1);
    private static final NodeId NODE = new NodeId(new RegionId("r"), 1);

    @TempDir
    Path directory;

    private final Map<String, Integer> lost = new TreeMap<>(); // where, how often

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @Test
    void mapAndGroupAgreeInTheEndWhateverIsLost() {
        long seeds = Long.getLong("avila.seeds", 80);
        for (long seed = 1; seed <= seeds; seed++) {
            try (World world = new World(seed, directory.resolve("seed" + seed))) {
                for (int step = 0; step < 60; step++) {
                    world.step();
                }
                world.heal();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        assertThat(lost).containsOnlyKeys("a request to the group", "the group's answer", "a map entry", "a map entry's answer");
        assertThat(lost.values()).allMatch(times -> times >= 100);
    }

    private final class World implements AutoCloseable {
        final Random random;
        final ControllerMachine controller = new ControllerMachine(ENGINE, List.of(101));
        final RangeMachine group = new RangeMachine(new RegionIncarnation(1), 101, ENGINE);
        final List<RangeOperation> late = new ArrayList<>(); // requests that may arrive again
        long controllerIndex;
        long groupIndex;
        long token;
        boolean faulty = true;
        OperationDriver driver = driver();

        World(long seed, Path where) {
            random = new Random(seed);
            try {
                controller.open(where.resolve("controller"));
                group.open(where.resolve("group"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            control(new ControllerEntry.Assign(1));
        }

        private OperationDriver driver() {
            NodeApi api = (NodeApi) Proxy.newProxyInstance(NodeApi.class.getClassLoader(), new Class<?>[]{NodeApi.class},
                    (proxy, method, arguments) -> {
                        if (!method.getName().equals("ranges")) {
                            throw new UnsupportedOperationException(method.getName());
                        }
                        return perform(((RangeRequest.Perform) arguments[0]).operation());
                    });
            return new OperationDriver(new GroupLeaders(number -> Optional.of(NODE), number -> List.of(NODE), node -> api),
                    System::nanoTime);
        }

        private boolean loses(String what) {
            boolean loses = faulty && random.nextInt(3) == 0;
            if (loses) {
                lost.merge(what, 1, Integer::sum);
            }
            return loses;
        }

        private CompletableFuture<RangeReply> perform(RangeOperation operation) {
            late.add(operation);
            if (loses("a request to the group")) {
                return CompletableFuture.failedFuture(new IllegalStateException("lost"));
            }
            RangeOperation after = applied(operation);
            return loses("the group's answer")
                    ? CompletableFuture.failedFuture(new IllegalStateException("lost"))
                    : CompletableFuture.completedFuture(RangeReply.of(after));
        }

        private RangeOperation applied(RangeOperation operation) {
            return RangeWork.after(operation, (RangeChange) grouped(RangeWork.entry(operation)));
        }

        private Object grouped(GroupEntry entry) {
            byte[] bytes = GroupEntry.encode(HybridTimestamp.ofMillis(1_000), entry);
            return group.apply(new LogPosition(1, ++groupIndex), bytes, null);
        }

        private Object control(ControllerEntry entry) {
            return controller.apply(new LogPosition(1, ++controllerIndex), entry.encode(), null);
        }

        private RaftGroup raft() {
            return (RaftGroup) Proxy.newProxyInstance(RaftGroup.class.getClassLoader(), new Class<?>[]{RaftGroup.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "leadership" -> new Leadership(1, true, Optional.empty());
                        case "propose" -> proposed((byte[]) arguments[0]);
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        private CompletableFuture<Object> proposed(byte[] entry) {
            if (loses("a map entry")) {
                return CompletableFuture.failedFuture(new IllegalStateException("lost"));
            }
            Object answer = control(ControllerEntry.decode(entry));
            return loses("a map entry's answer")
                    ? CompletableFuture.failedFuture(new IllegalStateException("lost"))
                    : CompletableFuture.completedFuture(answer);
        }

        void step() {
            int dice = random.nextInt(10);
            byte[] at = {0, 0, 0, 1, (byte) (1 + random.nextInt(8))};
            if (dice < 2) {
                control(new ControllerEntry.Split(1, at, true, ++token));
            } else if (dice < 3) {
                control(new ControllerEntry.Merge(1, at, true, ++token));
            } else if (dice < 4) {
                driver = driver(); // another node leads the controller
            } else if (dice < 5 && !late.isEmpty()) {
                RangeOperation old = late.get(random.nextInt(late.size()));
                applied(old); // its answer goes nowhere
            } else if (dice < 6) {
                reconcile();
            } else {
                driver.drive(raft(), controller);
            }
            check();
        }

        /** As the group's leader does, by a map that may be behind its log. */
        private void reconcile() {
            for (var range : controller.map().ranges()) {
                if (!group.ranges().containsKey(range.ref().range())) {
                    grouped(new GroupEntry.Activate(range.ref(), range.keys(), COLLECTION, List.of(new RegionIncarnation(1))));
                }
            }
        }

        private List<Topology.Range> owned() {
            return group.ranges().values().stream().map(range -> new Topology.Range(range.ref(), 1, range.keys(), 101))
                    .sorted((a, b) -> Long.compare(a.ref().range(), b.ref().range())).toList();
        }

        private List<Topology.Range> mapped() {
            return controller.map().ranges().stream().map(range -> new Topology.Range(range.ref(), 1, range.keys(), 101)).toList();
        }

        private void check() {
            for (List<Topology.Range> ranges : List.of(owned(), mapped())) {
                if (!ranges.isEmpty()) {
                    KeyRange all = ranges.stream().map(Topology.Range::keys)
                            .sorted((a, b) -> java.util.Arrays.compareUnsigned(a.start(), b.start())).reduce(KeyRange::followedBy)
                            .orElseThrow();
                    assertThat(all).as("EachKeyHasOneOwner").isEqualTo(KeyRange.collection(1));
                }
            }
            if (!owned().isEmpty()) {
                assertThat(Topology.newest(mapped(), owned())).as("ARouterThatHearsBothKnowsThePresentOwners").isEqualTo(owned());
            }
        }

        void heal() {
            faulty = false;
            reconcile();
            for (int round = 0; round < 3; round++) {
                driver.drive(raft(), controller);
            }
            ControllerState state = controller.value();
            assertThat(state.running()).as("EveryOperationEnds").isEmpty();
            assertThat(mapped()).as("TheMapIsWhatTheGroupHas").isEqualTo(owned());
        }

        @Override
        public void close() {
            controller.close();
            group.close();
        }
    }
}
