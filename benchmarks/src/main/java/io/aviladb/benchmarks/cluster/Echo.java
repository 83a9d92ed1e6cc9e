package io.aviladb.benchmarks.cluster;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.aviladb.proto.v1.Payload;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** Sends documents back over the server, executor and channel that the edge and its client have: the floor of a request. */
public final class Echo implements AutoCloseable {
    private static final String SERVICE = "aviladb.benchmarks.Echo";
    private static final MethodDescriptor<Payload, Payload> METHOD = MethodDescriptor.<Payload, Payload>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY).setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Echo"))
            .setRequestMarshaller(ProtoUtils.marshaller(Payload.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Payload.getDefaultInstance())).build();

    private final Server server;
    private final ManagedChannel channel;

    public Echo() {
        ServerServiceDefinition definition = ServerServiceDefinition.builder(SERVICE)
                .addMethod(METHOD, ServerCalls.asyncUnaryCall((Payload document, StreamObserver<Payload> answer) -> {
                    answer.onNext(document);
                    answer.onCompleted();
                })).build();
        server = Server.builder().http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).verboseResponses(false)
                .gracefulShutdownTimeoutMillis(0, 0)
                .service(GrpcService.builder().addService(definition).useBlockingTaskExecutor(false).build()).build();
        server.start().join();
        channel = NettyChannelBuilder.forAddress(Ports.HOST, server.activeLocalPort()).usePlaintext().directExecutor()
                .flowControlWindow(4 << 20).build();
    }

    public CompletableFuture<Payload> send(Payload document) {
        CompletableFuture<Payload> answered = new CompletableFuture<>();
        ClientCalls.asyncUnaryCall(channel.newCall(METHOD, CallOptions.DEFAULT), document, new StreamObserver<>() {
            @Override
            public void onNext(Payload value) {
                answered.complete(value);
            }

            @Override
            public void onError(Throwable cause) {
                answered.completeExceptionally(cause);
            }

            @Override
            public void onCompleted() {
                // The answer came before.
            }
        });
        return answered;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.stop().join();
    }
}
