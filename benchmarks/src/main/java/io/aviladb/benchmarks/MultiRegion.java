package io.aviladb.benchmarks;

import io.aviladb.benchmarks.cluster.Folder;
import io.aviladb.benchmarks.cluster.LocalCluster;
import io.aviladb.benchmarks.cluster.VisibilityProbe;
import io.aviladb.benchmarks.load.Arguments;
import io.aviladb.benchmarks.load.ClosedLoop;
import io.aviladb.benchmarks.load.Measurement;
import io.aviladb.benchmarks.load.PacedLoop;
import io.aviladb.benchmarks.load.PlayersBySeed;
import io.aviladb.benchmarks.load.Results;
import io.aviladb.client.AsyncCollection;
import io.aviladb.client.AvilaClient;
import io.aviladb.client.CollectionSpec;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.server.NodeLimits;
import io.aviladb.node.group.DataGroup;
import io.aviladb.proto.node.NodeStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Three regions in one process, all of them written to: first as fast as they go, until every region has everything, then at half that rate. Of
 * the second run it tells how long after its answer a write can be read in the other regions, and how many bytes the links needed.
 *
 * <p>Arguments: {@code seconds} for each of the two runs, {@code warmup} seconds before, {@code nodes} per region, {@code inFlight} per region
 * in the first run, {@code dir} for data, which go at the end.
 */
public final class MultiRegion {
    private static final List<RegionId> REGIONS = List.of(new RegionId("sa-east-1"), new RegionId("us-east-1"), new RegionId("eu-west-1"));
    private static final String DATABASE = "game";
    private static final String COLLECTION = "players";
    private static final PartitionStrategy STRATEGY = PartitionStrategy.single(FieldPath.of("userId"));
    /** One write of so many is followed to the other regions. */
    private static final int FOLLOWED = 16;

    private final Arguments arguments;
    private final LocalCluster cluster;
    private final Results results = new Results(System.out);
    private final int collection;
    private final List<Writer> writers;

    /** A region's writes. Used by one thread at a time. */
    private record Writer(AsyncCollection target, PlayersBySeed players, List<List<DataGroup>> elsewhere) {
        CompletableFuture<?> write() {
            return target.insert(players.next());
        }

        /** Writes, and follows the document from its answer on. */
        CompletableFuture<?> follow(int collection, VisibilityProbe probe) {
            Document player = players.next();
            String name = players.lastName();
            DocumentKey key = DocumentKey.of(collection, STRATEGY, List.of(new JsonString(name)), name);
            return target.insert(player).thenRun(() -> elsewhere.forEach(groups -> probe.await(key, groups)));
        }
    }

    private MultiRegion(Arguments arguments, LocalCluster cluster, int collection, List<Writer> writers) {
        this.arguments = arguments;
        this.cluster = cluster;
        this.collection = collection;
        this.writers = writers;
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = Arguments.parse(args,
                Map.of("seconds", "8", "warmup", "20", "nodes", "3", "inFlight", "64", "dir", "target/data"));
        List<AvilaClient> clients = new ArrayList<>();
        try (Folder folder = Folder.in(Path.of(arguments.text("dir")));
                LocalCluster cluster = new LocalCluster(folder.path(), arguments.count("nodes"), REGIONS, NodeLimits.DEV)) {
            for (RegionId region : REGIONS) {
                clients.add(AvilaClient.connect("aviladb://" + cluster.endpoint(region)));
            }
            clients.getFirst().databases().create(DATABASE).createCollection(CollectionSpec.single(COLLECTION, "/userId"));
            new MultiRegion(arguments, cluster, cluster.collection(COLLECTION), writers(cluster, clients)).run();
        } finally {
            clients.forEach(AvilaClient::close);
        }
        System.exit(0); // threads of Ratis outlive its servers
    }

    private static List<Writer> writers(LocalCluster cluster, List<AvilaClient> clients) throws IOException, InterruptedException {
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < REGIONS.size(); i++) {
            RegionId own = REGIONS.get(i);
            List<List<DataGroup>> elsewhere = REGIONS.stream().filter(region -> !region.equals(own)).map(cluster::leaders).toList();
            AsyncCollection target = clients.get(i).database(DATABASE).collection(COLLECTION).async();
            Writer writer = new Writer(target, new PlayersBySeed(i + 1), elsewhere);
            writer.write().join(); // waits until the region serves the new collection
            writers.add(writer);
        }
        return writers;
    }

    private void run() throws Exception {
        try (VisibilityProbe warm = new VisibilityProbe()) {
            sustained("warm-up", arguments.seconds("warmup"), warm);
        }
        double rate;
        try (VisibilityProbe probe = new VisibilityProbe()) {
            rate = sustained("writes, all regions have them", arguments.seconds("seconds"), probe);
        }
        System.out.printf("sustained in three regions together, until all have everything: %.0f writes/s%n", rate);
        long received = sum(NodeStatus.Link::receivedBytes);
        long json = sum(NodeStatus.Link::jsonBytes);
        try (VisibilityProbe probe = new VisibilityProbe()) {
            halfRate(rate / 2, probe);
        }
        double share = (double) (sum(NodeStatus.Link::receivedBytes) - received) / (sum(NodeStatus.Link::jsonBytes) - json);
        results.atMost("link bytes / JSON bytes of players", share, 0.4);
        results.finish();
    }

    private long sum(java.util.function.ToLongFunction<NodeStatus.Link> bytes) {
        return cluster.links().mapToLong(bytes).sum();
    }

    /** @return writes per second of all regions together, over the time until every region had the last of them */
    private double sustained(String name, double seconds, VisibilityProbe probe) throws Exception {
        long start = System.nanoTime();
        List<Measurement> lines = inAllRegions(writer -> ClosedLoop.measure(name, arguments.count("inFlight"), seconds,
                number -> writer.write()));
        long end = System.nanoTime();
        for (Writer writer : writers) {
            writer.follow(collection, probe).join();
        }
        probe.awaitAll();
        double behind = (System.nanoTime() - end) / 1e9;
        // Lead-ins were written too: the measured rates hold for all of the time.
        return lines.stream().mapToDouble(Measurement::rate).sum() * ((end - start) / 1e9) / ((end - start) / 1e9 + behind);
    }

    private void halfRate(double rate, VisibilityProbe probe) throws Exception {
        double seconds = arguments.seconds("seconds");
        List<Measurement> lines = inAllRegions(writer -> PacedLoop.measure("write at half the rate", rate / REGIONS.size(), seconds,
                number -> number % FOLLOWED == 0 ? writer.follow(collection, probe) : writer.write()));
        lines.forEach(results::add);
        var visible = probe.awaitAll();
        Measurement seen = results.add(new Measurement("visible in another region", 0, visible.getTotalCount(), 0, seconds,
                lines.getFirst().cpuSeconds(), visible));
        results.atMost("visible in another region after the answer, p99 in ms (no link delay)", seen.p99Millis(), 50);
    }

    private interface RegionWork {
        Measurement run(Writer writer) throws InterruptedException;
    }

    private List<Measurement> inAllRegions(RegionWork work) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(REGIONS.size())) {
            List<Future<Measurement>> running = writers.stream().map(writer -> threads.submit(() -> work.run(writer))).toList();
            List<Measurement> lines = new ArrayList<>();
            for (Future<Measurement> line : running) {
                lines.add(line.get());
            }
            return lines;
        }
    }
}
