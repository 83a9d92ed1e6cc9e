package io.aviladb.benchmarks;

import com.google.protobuf.UnsafeByteOperations;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.aviladb.benchmarks.cluster.Echo;
import io.aviladb.benchmarks.cluster.Folder;
import io.aviladb.benchmarks.cluster.LocalCluster;
import io.aviladb.benchmarks.cluster.RawGroup;
import io.aviladb.benchmarks.load.Arguments;
import io.aviladb.benchmarks.load.ClosedLoop;
import io.aviladb.benchmarks.load.Documents;
import io.aviladb.benchmarks.load.Measurement;
import io.aviladb.benchmarks.load.Results;
import io.aviladb.client.AsyncCollection;
import io.aviladb.client.AvilaClient;
import io.aviladb.client.Collection;
import io.aviladb.client.CollectionSpec;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.server.NodeLimits;
import io.aviladb.proto.v1.Encoding;
import io.aviladb.proto.v1.Payload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One region of three nodes beside what it stands on, one after the other in one process: (a) a bare Raft group with the same settings, (b)
 * AvilaDB through gRPC and REST, (c) an echo of the document on the edge's kind of server. Durable before acknowledgement throughout.
 *
 * <p>Arguments: {@code seconds} per line, {@code warmup} seconds in all before lines are measured, {@code dir} for data, which go at the end.
 */
public final class SideBySide {
    private static final int MANY = 64;
    private static final int VERY_MANY = 512;
    private static final int LARGE_ENTRY = 64 << 10;
    private static final RegionId REGION = new RegionId("local");
    private static final String NAME = "benchmark";

    private final double seconds;
    private final double warmup;
    private final Results results = new Results(System.out);
    private final Documents documents = new Documents();
    private final AtomicLong written = new AtomicLong(); // every number below it was sent

    private SideBySide(Arguments arguments) {
        this.seconds = arguments.seconds("seconds");
        this.warmup = arguments.seconds("warmup");
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Arguments arguments = Arguments.parse(args, Map.of("seconds", "4", "warmup", "20", "dir", "target/data"));
        try (Folder folder = Folder.in(Path.of(arguments.text("dir")))) {
            new SideBySide(arguments).run(folder.path());
        }
        System.exit(0); // threads of Ratis outlive its servers
    }

    private void run(Path folder) throws IOException, InterruptedException {
        Raw raw;
        try (RawGroup group = new RawGroup(folder)) {
            raw = raw(group);
        }
        Avila avila;
        try (LocalCluster cluster = new LocalCluster(folder, 3, List.of(REGION), NodeLimits.DEFAULTS);
                AvilaClient client = AvilaClient.connect("aviladb://" + cluster.endpoint(REGION))) {
            avila = avila(cluster, client.databases().create(NAME).createCollection(CollectionSpec.single(NAME, "/id")));
        }
        Measurement echo;
        try (Echo server = new Echo()) {
            echo = echo(server);
        }
        compare(raw, avila, echo);
    }

    private record Raw(Measurement one, Measurement many, Measurement large) {}

    private record Avila(Measurement one, Measurement many, Measurement veryMany, Measurement strong, Measurement eventual) {}

    private Measurement line(String name, int inFlight, ClosedLoop.Operation operation) throws InterruptedException {
        return results.add(ClosedLoop.measure(name, inFlight, seconds, operation));
    }

    /** A share of the warm-up. */
    private void warm(double share, int inFlight, ClosedLoop.Operation operation) throws InterruptedException {
        ClosedLoop.measure("warm-up", inFlight, warmup * share, operation);
    }

    private Raw raw(RawGroup group) throws InterruptedException {
        ClosedLoop.Operation small = number -> group.append(documents.json(number));
        byte[] large = new byte[LARGE_ENTRY];
        new SplittableRandom(1).nextBytes(large);
        warm(0.25, MANY, small);
        return new Raw(line("raw Ratis, 1 KB entries", 1, small), line("raw Ratis, 1 KB entries", MANY, small),
                line("raw Ratis, 64 KB entries", MANY, number -> group.append(large)));
    }

    private Avila avila(LocalCluster cluster, Collection collection) throws InterruptedException {
        AsyncCollection async = collection.async();
        ClosedLoop.Operation write = number -> async.insert(documents.document(written.getAndIncrement()));
        ClosedLoop.Operation strong = read(collection.with(ReadConsistency.STRONG).async());
        ClosedLoop.Operation eventual = read(collection.with(ReadConsistency.EVENTUAL).async());
        collection.insert(documents.document(written.getAndIncrement())); // waits until the new collection is served
        warm(0.4, MANY, write);
        Measurement one = line("AvilaDB gRPC write", 1, write);
        Measurement many = line("AvilaDB gRPC write", MANY, write);
        Measurement veryMany = line("AvilaDB gRPC write", VERY_MANY, write);
        line("AvilaDB REST write", MANY, rest(cluster));
        warm(0.1, MANY, strong);
        warm(0.1, MANY, eventual);
        return new Avila(one, many, veryMany, line("AvilaDB gRPC strong read", MANY, strong),
                line("AvilaDB gRPC eventual read", MANY, eventual));
    }

    /** Reads all that was written, in an order that has nothing to do with the writes'. */
    private ClosedLoop.Operation read(AsyncCollection collection) {
        SplittableRandom random = new SplittableRandom(3);
        return number -> {
            String id = Documents.id(random.nextLong(written.get()));
            return collection.get(id, id);
        };
    }

    private ClosedLoop.Operation rest(LocalCluster cluster) {
        WebClient http = WebClient.of("h2c://" + cluster.endpoint(REGION));
        String path = "/v1/databases/" + NAME + "/collections/" + NAME + "/documents";
        return number -> http.execute(HttpRequest.of(HttpMethod.POST, path, MediaType.JSON, documents.json(written.getAndIncrement())))
                .aggregate().thenCompose(answer -> answer.status().equals(HttpStatus.CREATED)
                        ? CompletableFuture.completedFuture(answer)
                        : CompletableFuture.failedFuture(new IllegalStateException(answer.status() + ": " + answer.contentUtf8())));
    }

    private Measurement echo(Echo server) throws InterruptedException {
        ClosedLoop.Operation send = number -> server.send(Payload.newBuilder().setEncoding(Encoding.JSON)
                .setData(UnsafeByteOperations.unsafeWrap(documents.json(number))).build());
        warm(0.15, MANY, send);
        return line("gRPC echo of the document", MANY, send);
    }

    private void compare(Raw raw, Avila avila, Measurement echo) {
        results.atMost("write, 1 in flight: p50 / raw Ratis' p50", avila.one().p50Millis() / raw.one().p50Millis(), 1.5);
        results.atLeast("write, 64 in flight: rate / raw Ratis' rate of 1 KB entries", avila.many().rate() / raw.many().rate(), 1.5);
        results.atLeast("write, 512 in flight: documents / documents in raw Ratis' 64 KB entries",
                avila.veryMany().rate() / (raw.large().rate() * LARGE_ENTRY / Documents.BYTES), 0.4);
        results.atMost("write, 64 in flight: CPU, with the client's / raw Ratis' CPU", avila.many().cpuPerThousand()
                / raw.many().cpuPerThousand(), 1);
        results.atLeast("strong read, 64 in flight: rate / echo's rate", avila.strong().rate() / echo.rate(), 0.4);
        results.atLeast("eventual read, 64 in flight: rate / echo's rate", avila.eventual().rate() / echo.rate(), 0.6);
        results.finish();
    }
}
