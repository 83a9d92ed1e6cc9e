package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import java.time.Duration;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One call or stream under injected faults. While its link is cut it is silent, as a network is. A stream that lost a message is closed by
 * the next one that would pass, so that the sender starts anew at once; a call that lost one never ends before its deadline.
 */
final class GatedCall<Q, R> extends ServerCall.Listener<Q> {
    private final FaultGate gate;
    private final ServerCall<Q, R> call;
    private final DelayLine inbound;
    private final DelayLine outbound;
    private volatile @Nullable NodeId peer;
    private volatile boolean lost;
    private volatile boolean closed;
    private ServerCall.Listener<Q> service = new ServerCall.Listener<>() {
    };

    private GatedCall(FaultGate gate, ServerCall<Q, R> call) {
        this.gate = gate;
        this.call = call;
        this.inbound = gate.newLine();
        this.outbound = gate.newLine();
    }

    static <Q, R> ServerCall.Listener<Q> start(FaultGate gate, ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        GatedCall<Q, R> gated = new GatedCall<>(gate, call);
        gated.service = next.startCall(gated.new Answers(), headers);
        return gated;
    }

    @Override
    public void onMessage(Q message) {
        if (peer == null) {
            peer = FaultGate.sender(message);
        }
        if (isCut(true)) {
            lost = true;
            call.request(1);
        } else if (lost) {
            reset();
        } else {
            inbound.pass(delay(true), () -> service.onMessage(message));
        }
    }

    @Override
    public void onHalfClose() {
        if (!lost) {
            inbound.pass(delay(true), service::onHalfClose);
        }
    }

    @Override
    public void onCancel() {
        inbound.pass(Duration.ZERO, service::onCancel);
    }

    @Override
    public void onComplete() {
        inbound.pass(Duration.ZERO, service::onComplete);
    }

    @Override
    public void onReady() {
        inbound.pass(Duration.ZERO, service::onReady);
    }

    private void reset() {
        outbound.pass(Duration.ZERO, () -> {
            if (!closed) {
                closed = true;
                call.close(Status.UNAVAILABLE.withDescription("messages were lost"), new Metadata());
            }
        });
    }

    private boolean isCut(boolean arriving) {
        NodeId other = peer;
        return other != null && (arriving ? gate.faults().isCut(other, gate.self()) : gate.faults().isCut(gate.self(), other));
    }

    private Duration delay(boolean arriving) {
        NodeId other = peer;
        if (other == null) {
            return Duration.ZERO;
        }
        return arriving ? gate.faults().oneWayDelay(other, gate.self()) : gate.faults().oneWayDelay(gate.self(), other);
    }

    /** The way back. */
    private final class Answers extends SimpleForwardingServerCall<Q, R> {
        Answers() {
            super(call);
        }

        @Override
        public void sendHeaders(Metadata headers) {
            pass(() -> super.sendHeaders(headers));
        }

        @Override
        public void sendMessage(R message) {
            if (isCut(false)) {
                lost = true;
            } else if (lost) {
                reset();
            } else {
                pass(() -> super.sendMessage(message));
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (lost && status.isOk()) {
                return;
            }
            outbound.pass(delay(false), () -> {
                if (!closed) {
                    closed = true;
                    super.close(status, trailers);
                }
            });
        }

        private void pass(Runnable action) {
            outbound.pass(delay(false), () -> {
                if (!closed) {
                    action.run();
                }
            });
        }
    }
}
