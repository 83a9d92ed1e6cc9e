package io.aviladb.router;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.Precondition;
import io.aviladb.proto.node.DefineRequest;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.router.fake.FakeCluster;
import io.aviladb.router.fake.SimulatedNetwork;
import io.aviladb.router.fake.VirtualTime;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.route.UnitDraft;
import io.aviladb.router.route.UnitResult;
import io.aviladb.router.route.WriteRouter;
import io.aviladb.router.topology.TopologyTracker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A router of the first region over a fake cluster, all in virtual time: one seed is one run. */
public final class VirtualRouter {
    public static final PartitionStrategy STRATEGY = PartitionStrategy.single(FieldPath.of("userId"));

    public final VirtualTime time = new VirtualTime();
    public final FakeCluster cluster;
    public final SimulatedNetwork network;
    public final TopologyTracker tracker;
    public final ReadRouter reads;
    public final WriteRouter writes;
    public final Random random;

    /** Started, and with one collection that every region serves. */
    public VirtualRouter(long seed, String... regions) {
        random = new Random(seed);
        cluster = new FakeCluster(regions);
        network = new SimulatedNetwork(cluster, time);
        RandomSource source = RandomSource.of(new Random(random.nextLong()));
        tracker = new TopologyTracker(network, cluster.seeds(), new RegionId(regions[0]), Optional.empty(), time, time);
        reads = new ReadRouter(tracker, time, source, time);
        writes = new WriteRouter(tracker, time, source, time);
        cluster.node(regions[0] + "/1").define(new DefineRequest.CreateDatabase("game")).join();
        cluster.node(regions[0] + "/1")
                .define(new DefineRequest.CreateCollection("game", "players", STRATEGY, MergePolicyDefinition.DEFAULT)).join();
        tracker.start();
        time.until(() -> cluster.regions.keySet().stream().allMatch(tracker::isReachable), Duration.ofSeconds(5));
        time.run(Duration.ofSeconds(1));
    }

    public static DocumentKey key(String id) {
        return DocumentKey.of(1, STRATEGY, List.of(new JsonString("u")), id);
    }

    /** Nothing comes from the nodes whose names begin so, and nothing arrives at them. */
    public void silence(String prefix) {
        cluster.nodes.keySet().stream().filter(node -> node.toString().startsWith(prefix)).forEach(network.silent::add);
    }

    public CompletableFuture<ReadRouter.Answer<ReadReply>> read(String region, ReadConsistency consistency, Duration timeout) {
        return reads.read(new RegionId(region), key("a"), consistency, VersionVector.EMPTY, Deadline.in(time, timeout));
    }

    public CompletableFuture<UnitResult> write(String region, Duration timeout) {
        return write(region, timeout, null);
    }

    public CompletableFuture<UnitResult> write(String region, Duration timeout, @Nullable OperationId operation) {
        DocumentWrite write = new DocumentWrite(key("a"), Precondition.NONE,
                new Mutation.Put("{\"id\":\"a\",\"userId\":\"u\"}".getBytes(StandardCharsets.UTF_8)));
        return writes.write(new RegionId(region), new UnitDraft(List.of(write), operation, VersionVector.EMPTY),
                Deadline.in(time, timeout));
    }

    /** What the future failed with. @throws AssertionError where it didn't */
    public static Throwable failure(CompletableFuture<?> future) {
        try {
            throw new AssertionError("it was answered: " + future.getNow(null));
        } catch (CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }

    public static NodeId node(String name) {
        return NodeId.parse(name);
    }
}
