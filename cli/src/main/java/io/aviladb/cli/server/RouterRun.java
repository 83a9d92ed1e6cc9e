package io.aviladb.cli.server;

import io.aviladb.cli.Awaiting;
import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.config.RouterFile;
import io.aviladb.cli.http.Json;
import io.aviladb.proto.node.GrpcConnector;
import io.aviladb.router.server.RouterConfig;
import io.aviladb.router.server.RouterServer;
import io.aviladb.router.topology.Seed;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/** {@code aviladb router}: a router alone, without data. */
public final class RouterRun {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private RouterRun() {
    }

    /** Runs until a signal ends the process; returns only by an exception. */
    public static void run(RouterFile file, PrintWriter out) throws InterruptedException {
        file.logs().ifPresent(ServerLog::install);
        GrpcConnector grpc = new GrpcConnector();
        RouterConfig config = new RouterConfig(file.region(), "", file.host(), file.port(),
                file.nodes().entrySet().stream().map(node -> new Seed(node.getKey(), node.getValue())).toList(), file.requestTimeout(),
                Optional.empty(), file.maxInFlight());
        RouterServer router;
        try {
            router = RouterServer.start(config, grpc, Optional.empty());
        } catch (RuntimeException e) {
            throw CommandFailure.failed("port " + file.port() + " can't be opened: " + e.getMessage(), "'listen.client' chooses another.");
        }
        StopSignal signal = StopSignal.onStop(() -> {
            router.close();
            grpc.close();
        });
        Awaiting.holds(BETWEEN_LOOKS, router::isReady);
        out.println("READY " + Json.object("client", router.port(), "pid", ProcessHandle.current().pid()).toJson());
        out.flush();
        signal.await();
    }
}
