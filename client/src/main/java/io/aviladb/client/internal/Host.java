package io.aviladb.client.internal;

import io.aviladb.client.option.HostPort;
import io.aviladb.proto.v1.GetStatusRequest;
import io.aviladb.proto.v1.GetStatusResponse;
import io.aviladb.proto.v1.StatusGrpc;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One host of the URL: its connection, and the region that it was found to serve. Thread-safe. */
public final class Host {
    /** A batch and what is around it. */
    static final int MAX_MESSAGE_BYTES = 20 << 20;
    private static final long STATUS_TIMEOUT_SECONDS = 5;

    private final HostPort address;
    private final ManagedChannel channel;
    private final AtomicReference<@Nullable CompletableFuture<String>> region = new AtomicReference<>();

    Host(HostPort address) {
        this.address = address;
        // Direct: answers are completed on the network thread, without a hand-over for each.
        this.channel = NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().directExecutor()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES).flowControlWindow(4 << 20).keepAliveTime(15, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS).build();
    }

    ManagedChannel channel() {
        return channel;
    }

    /** The region that answers here; asked once. A failure is forgotten, so that the next call asks again. */
    CompletableFuture<String> region() {
        CompletableFuture<String> known = region.get();
        if (known != null) {
            return known;
        }
        CompletableFuture<String> asked = new CompletableFuture<>();
        if (!region.compareAndSet(null, asked)) {
            return region();
        }
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(STATUS_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        ClientCalls.asyncUnaryCall(channel.newCall(StatusGrpc.getGetStatusMethod(), options), GetStatusRequest.getDefaultInstance(),
                new SingleAnswer<GetStatusResponse>((status, error) -> {
                    if (status != null) {
                        asked.complete(status.getRegion());
                    } else if (error != null) {
                        region.compareAndSet(asked, null);
                        asked.completeExceptionally(error);
                    }
                }));
        return asked;
    }

    /** The connection failed: who answers next may be another, and is not to be waited for. */
    void connectionFailed() {
        CompletableFuture<String> known = region.get();
        if (known != null && known.isDone()) {
            region.compareAndSet(known, null);
        }
        channel.resetConnectBackoff(); // our own backoff decides when to try again
    }

    void close() {
        channel.shutdownNow();
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
