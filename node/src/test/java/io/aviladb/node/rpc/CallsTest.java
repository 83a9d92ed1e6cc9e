package io.aviladb.node.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.FaultSet;
import io.aviladb.proto.node.FaultTable;
import io.aviladb.proto.node.FaultyConnector;
import io.aviladb.proto.node.GrpcConnector;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeRpcServer;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a router's call carries to a node besides its request, over a real connection. */
class CallsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final ReadRequest READ = new ReadRequest(1, new RangeRef(1, 1), new DocumentKey(new byte[]{0, 0, 0, 1, 2, 0, 0}),
            new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 60_000));

    private final ConcurrentLinkedQueue<CompletableFuture<ReadReply>> served = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<CallTrace.Answered> told = new ConcurrentLinkedQueue<>();
    private final GrpcConnector connector = new GrpcConnector();
    private final FaultTable faults = new FaultTable();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private Server server;
    private NodeApi node;

    @BeforeEach
    void start() throws IOException {
        NodeApi silent = (NodeApi) Proxy.newProxyInstance(NodeApi.class.getClassLoader(), new Class<?>[]{NodeApi.class},
                (proxy, method, arguments) -> {
                    CompletableFuture<ReadReply> answer = new CompletableFuture<>();
                    served.add(answer);
                    return answer;
                });
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0)).directExecutor()
                .intercept(new CallTrace(told::add)).addService(NodeRpcServer.bind(silent)).build().start();
        node = new FaultyConnector(connector, "sa-east-1", faults, timer).connect(NodeId.parse("sa-east-1/1"),
                "127.0.0.1:" + server.getPort());
    }

    @AfterEach
    void stop() {
        connector.close();
        server.shutdownNow();
        timer.shutdownNow();
    }

    @Test
    void theTraceReachesTheNode() {
        CompletableFuture<ReadReply> traced = node.traced(TRACE).read(READ);
        CompletableFuture<ReadReply> untraced = node.read(READ);
        Awaitility.await().atMost(SOON).until(() -> served.size() == 2);
        served.forEach(answer -> answer.complete(new ReadReply(java.util.Optional.empty(), VersionVector.EMPTY, VersionVector.EMPTY)));
        traced.join();
        untraced.join();
        assertThat(told).singleElement()
                .satisfies(call -> assertThat(List.of(call.method(), call.traceparent())).containsExactly("Read", TRACE));
    }

    @Test
    void whatIsTakenBackHereIsTakenBackThere() {
        for (FaultSet distance : List.of(FaultSet.NONE, new FaultSet(List.of(), List.of(),
                List.of(new FaultSet.Delay("sa-east-1", "sa-east-1/1", 40)), List.of(), List.of()))) {
            faults.replace(distance);
            CompletableFuture<ReadReply> read = node.read(READ);
            Awaitility.await().atMost(SOON).until(() -> !served.isEmpty());
            read.cancel(false);
            Awaitility.await().atMost(SOON).until(() -> served.element().isCancelled());
            served.clear();
        }
    }
}
