package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.Precondition;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.node.controller.RangeThresholds;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import io.aviladb.proto.node.WriteReply;
import io.aviladb.proto.node.WriteRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranges of a running cluster split and merge without anybody asking for it. Thresholds are small: what is tested takes no other way. */
class AutomaticRangesTest {
    private static final RegionId REGION = new RegionId("sa-east-1");
    private static final int BATCH = 500;

    @TempDir
    Path root;

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private TestCluster cluster;
    private int collection;

    private void start(int nodes, RangeThresholds thresholds) throws Exception {
        cluster = new TestCluster(root, nodes, NodeLimits.DEV.withRanges(thresholds), REGION.name());
        cluster.awaitReady();
        collection = cluster.createCollection("players");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private DocumentKey key(int number) {
        return TestCluster.key(collection, "p%02d".formatted(number % 50), "%06d".formatted(number));
    }

    /** As a node knows them; one that has just begun may know of none, never of some. */
    private List<Topology.Range> ranges() {
        List<List<Topology.Range>> known = new ArrayList<>();
        TestCluster.await(() -> {
            known.add(told());
            return !known.getLast().isEmpty();
        });
        return known.getLast();
    }

    private List<Topology.Range> told() {
        return cluster.servers().getFirst().api().topology(new TopologyRequest(0, 0)).join().ranges().stream()
                .sorted((a, b) -> Arrays.compareUnsigned(a.keys().start(), b.keys().start())).toList();
    }

    /** Text that files can't press together: about as large on the disk as in memory, whenever it gets there. */
    private static byte[] body(int number) {
        byte[] text = new byte[120];
        new Random(number).nextBytes(text);
        return ("{\"text\":\"" + Base64.getEncoder().encodeToString(text) + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    /** Each as a unit of its own, as a router would send them: again where the range was cut meanwhile. */
    private void write(List<Integer> numbers) throws Exception {
        List<Integer> left = numbers;
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60); !left.isEmpty();) {
            assertThat(System.nanoTime()).as("writes go on while ranges split").isLessThan(end);
            Map<Integer, List<WriteUnit>> units = new HashMap<>();
            Map<Integer, List<Integer>> sent = new HashMap<>();
            List<Topology.Range> known = ranges();
            for (int number : left) {
                Topology.Range owner = known.stream().filter(range -> range.keys().contains(key(number))).findFirst().orElseThrow();
                units.computeIfAbsent(owner.group(), group -> new ArrayList<>()).add(new WriteUnit(List.of(owner.ref()),
                        List.of(new DocumentWrite(key(number), Precondition.NONE, new Mutation.Put(body(number)))), null,
                        VersionVector.EMPTY));
                sent.computeIfAbsent(owner.group(), group -> new ArrayList<>()).add(number);
            }
            List<Integer> again = new ArrayList<>();
            for (Map.Entry<Integer, List<WriteUnit>> group : units.entrySet()) {
                List<Integer> mine = Objects.requireNonNull(sent.get(group.getKey()));
                Optional<WriteReply> reply = send(group.getKey(), group.getValue());
                for (int i = 0; i < mine.size(); i++) {
                    if (reply.isEmpty() || !(reply.get().answers().get(i) instanceof UnitAnswer.Committed)) {
                        again.add(mine.get(i));
                    }
                }
            }
            left = again;
        }
    }

    private Optional<WriteReply> send(int group, List<WriteUnit> units) throws InterruptedException {
        Optional<NodeServer> leader = cluster.servers().stream().filter(server -> server.dataGroup(group).orElseThrow().leads())
                .findFirst();
        try {
            return leader.isEmpty()
                    ? Optional.empty()
                    : Optional.of(leader.get().api().write(new WriteRequest(group, units, 5_000)).get(10, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException unknown) {
            return Optional.empty(); // puts: written again
        }
    }

    private void write(int from, int to) throws Exception {
        for (int at = from; at < to; at += BATCH) {
            List<Integer> batch = new ArrayList<>();
            for (int number = at; number < Math.min(at + BATCH, to); number++) {
                batch.add(number);
            }
            write(batch);
        }
    }

    private void assertAllThere(int documents) {
        int group = ranges().getFirst().group();
        TestCluster.await(() -> cluster.servers().stream().anyMatch(server -> server.dataGroup(group).orElseThrow().leads()));
        var store = Objects.requireNonNull(cluster.servers().stream().map(server -> server.dataGroup(group).orElseThrow())
                .filter(one -> one.leads()).findFirst().orElseThrow().machine().storeOrNull());
        for (int number = 0; number < documents; number++) {
            assertThat(store.head(key(number))).as("document %s", number).isNotNull();
        }
        KeyRange all = ranges().stream().map(Topology.Range::keys).reduce(KeyRange::followedBy).orElseThrow();
        assertThat(all).as("each key has one owner").isEqualTo(KeyRange.collection(collection));
    }

    @Test
    void aHundredThousandDocumentsBecomeAtLeastSixRangesWithinAMinuteOfLoad() throws Exception {
        start(1, new RangeThresholds(true, Duration.ofMillis(500), 2 << 20, 1_000_000, 512 << 10, 10, Duration.ofMinutes(5)));
        long start = System.nanoTime();
        write(0, 100_000);
        long loaded = System.nanoTime();
        TestCluster.await(() -> ranges().size() >= 6);
        System.out.printf("%d ranges; loaded in %d ms, split %d ms later%n", ranges().size(), (loaded - start) / 1_000_000,
                (System.nanoTime() - loaded) / 1_000_000);
        assertAllThere(100_000);
    }

    @Test
    void splittingGoesOnWhenTheControllersLeaderIsKilled() throws Exception {
        start(3, new RangeThresholds(true, Duration.ofMillis(200), 64 << 10, 1_000_000, 16 << 10, 10, Duration.ofMinutes(5)));
        int written = 1_000;
        write(0, written);
        TestCluster.await(() -> ranges().size() > 1);
        for (int round = 0; round < 2; round++) {
            NodeId controller = controllersLeader();
            cluster.kill(controller);
            int then = ranges().size();
            write(written, 3 * written); // three times what there was: no range holds its part of it
            written *= 3;
            TestCluster.await(() -> ranges().size() > then);
            cluster.start(controller);
            cluster.awaitReady();
        }
        assertAllThere(written);
    }

    private NodeId controllersLeader() {
        int controller = cluster.layout().groups().stream()
                .filter(group -> group.kind() == io.aviladb.node.consensus.GroupDescriptor.Kind.CONTROLLER).findFirst().orElseThrow()
                .number();
        List<NodeId> found = new ArrayList<>();
        TestCluster.await(() -> {
            Topology topology = cluster.servers().getFirst().api().topology(new TopologyRequest(0, 0)).join();
            topology.groups().stream().filter(group -> group.group() == controller).flatMap(group -> group.leader().stream())
                    .forEach(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    @Test
    void coldNeighboursBecomeOneAndABoundMadeByHandStays() throws Exception {
        start(1, new RangeThresholds(true, Duration.ofMillis(100), 1 << 30, 1_000_000, 1 << 20, 1_000, Duration.ofMillis(500)));
        write(0, 1_000);
        NodeServer server = cluster.servers().getFirst();
        for (String at : List.of("p10", "p20", "p30")) {
            byte[] bound = TestCluster.key(collection, at, "0").bytes();
            TestCluster.await(() -> begins(server, new RangeRequest.Split(collection, bound, at.equals("p20"), at.hashCode())));
        }
        TestCluster.await(() -> ranges().size() == 2
                && Arrays.equals(ranges().get(1).keys().start(), TestCluster.key(collection, "p20", "0").bytes()));
        assertAllThere(1_000);
    }

    /** Whether it is begun, or was; not while another operation has the range. */
    private static boolean begins(NodeServer server, RangeRequest request) throws Exception {
        try {
            return !server.api().ranges(request).get(10, TimeUnit.SECONDS).operations().isEmpty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NodeRefusal refusal && refusal.code() == ErrorCode.RANGE_BUSY) {
                return false;
            }
            throw e;
        }
    }
}
