package io.aviladb.router.server;

import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.Clock;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.router.edge.ClusterStatus;
import io.aviladb.router.edge.Definitions;
import io.aviladb.router.edge.DocumentOperations;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.History;
import io.aviladb.router.edge.FaultControl;
import io.aviladb.router.edge.InFlightLimit;
import io.aviladb.router.edge.Metrics;
import io.aviladb.router.edge.Readiness;
import io.aviladb.router.edge.Receipts;
import io.aviladb.router.edge.Snapshots;
import io.aviladb.router.edge.Verification;
import io.aviladb.router.edge.grpc.GrpcEdge;
import io.aviladb.router.edge.rest.RestService;
import io.aviladb.router.loss.RegionLoss;
import io.aviladb.router.loss.UnconfirmedWrites;
import io.aviladb.router.query.Fragments;
import io.aviladb.router.route.CatalogRouter;
import io.aviladb.router.route.ClosedCuts;
import io.aviladb.router.route.RangeRouter;
import io.aviladb.router.route.Confirmations;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.route.WriteRouter;
import io.aviladb.router.scatter.Listing;
import io.aviladb.router.session.SessionTokens;
import io.aviladb.router.topology.TopologyTracker;
import io.aviladb.router.verify.OrderWatch;
import io.aviladb.router.verify.ReplicaCheck;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A router: gRPC and REST on one port. Many of them in one process share event loops and timers. */
public final class RouterServer implements AutoCloseable {
    /** A batch of 16 MB and what is around it. */
    private static final int MAX_REQUEST_BYTES = 20 << 20;
    /** What the server's own limit adds to a request's longest time: operations keep their deadlines themselves. */
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(305);

    private static final long CLOSE_MILLIS = 250;

    private final Server server;
    private final TopologyTracker tracker;
    private final Edge edge;

    private RouterServer(Server server, TopologyTracker tracker, Edge edge) {
        this.server = server;
        this.tracker = tracker;
        this.edge = edge;
    }

    /** Returns once the port is open; whether the region can be served is {@link #isReady}. @throws RuntimeException where the port is taken */
    public static RouterServer start(RouterConfig config, NodeConnector connector, Optional<FaultControl> faults) {
        Clock clock = Clock.system();
        Scheduler scheduler = SharedScheduler.INSTANCE;
        RandomSource random = new RandomSource() {
            @Override
            public long nextLong() {
                return ThreadLocalRandom.current().nextLong();
            }

            @Override
            public int nextInt(int bound) {
                return ThreadLocalRandom.current().nextInt(bound);
            }
        };
        TopologyTracker tracker = new TopologyTracker(connector, config.seeds(), config.region(), config.localNode(), scheduler, clock);
        ReadRouter reads = new ReadRouter(tracker, scheduler, random, clock);
        Listing listing = new Listing(tracker, reads);
        Confirmations confirmations = new Confirmations(tracker, reads);
        CatalogRouter catalog = new CatalogRouter(tracker, reads, scheduler, random);
        UnconfirmedWrites unconfirmed = new UnconfirmedWrites(tracker);
        InFlightLimit inFlight = new InFlightLimit(config.maxInFlight());
        String version = Objects.requireNonNullElse(RouterServer.class.getPackage().getImplementationVersion(), "development");
        ClosedCuts cuts = new ClosedCuts(tracker, scheduler, random);
        Verification verification = new Verification(new ReplicaCheck(tracker, reads, cuts, scheduler, random), new OrderWatch(clock));
        Edge edge = new Edge(tracker, catalog,
                new DocumentOperations(tracker, new WriteRouter(tracker, scheduler, random, clock), reads, confirmations,
                        verification.order()),
                new Definitions(tracker, catalog), listing,
                new Fragments(tracker, reads, listing, scheduler),
                new Receipts(confirmations),
                new RangeRouter(tracker, scheduler, random), new History(reads),
                new Snapshots(tracker, cuts),
                new SessionTokens(() -> tracker.map().clusterSecret()),
                new ClusterStatus(tracker), unconfirmed, new RegionLoss(tracker, unconfirmed), verification,
                new Metrics(config.region(), version, inFlight::underWay).watching(verification), inFlight, new Readiness(tracker),
                faults, clock, config.defaultTimeout(), config.nodeName());
        Server server = build(config, edge);
        tracker.start();
        try {
            server.start().join();
        } catch (RuntimeException e) {
            tracker.close();
            throw e;
        }
        return new RouterServer(server, tracker, edge);
    }

    private static Server build(RouterConfig config, Edge edge) {
        GrpcService grpc = GrpcEdge.service(edge, MAX_REQUEST_BYTES);
        return Server.builder().http(new InetSocketAddress(config.bindHost(), config.port())).maxRequestLength(MAX_REQUEST_BYTES)
                .requestTimeout(LONGEST_REQUEST).verboseResponses(false).meterRegistry(NoopMeterRegistry.get())
                .gracefulShutdownTimeoutMillis(0, 0)
                .childChannelPipelineCustomizer(RouterServer::flushTogether).errorHandler(new UnroutedErrors(edge)).service(grpc)
                .serviceUnder("/", new RestService(edge)).build();
    }

    /**
     * Answers that are ready together are flushed together: writes that shared an entry are answered at once, and a system call for each would
     * cost more than the answer.
     */
    private static void flushTogether(ChannelPipeline pipeline) {
        pipeline.replace(FlushConsolidationHandler.class, null,
                new FlushConsolidationHandler(FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
    }

    public int port() {
        return server.activeLocalPort();
    }

    /** Whether the own region's collections can be read and written through this router. */
    public boolean isReady() {
        return edge.readiness().missing().isEmpty();
    }

    /** What keeps {@link #isReady} from being true. */
    public List<String> notReadyBecause() {
        return edge.readiness().missing();
    }

    @Override
    public void close() {
        tracker.close();
        try {
            // The port is free at once; what takes longer is the quiet period of the thread that accepted connections.
            server.stop().get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException stillStopping) {
            // It goes on by itself.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        edge.metrics().close();
    }
}
