package io.aviladb.client.internal;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Hands on the one answer of a unary call, or its error. */
final class SingleAnswer<A> implements StreamObserver<A> {
    private final BiConsumer<@Nullable A, @Nullable Throwable> receiver;
    private @Nullable A answer;

    SingleAnswer(BiConsumer<@Nullable A, @Nullable Throwable> receiver) {
        this.receiver = receiver;
    }

    @Override
    public void onNext(A value) {
        answer = value;
    }

    @Override
    public void onError(Throwable error) {
        receiver.accept(null, error);
    }

    @Override
    public void onCompleted() {
        if (answer == null) {
            receiver.accept(null, Status.INTERNAL.withDescription("the call ended without an answer").asRuntimeException());
        } else {
            receiver.accept(answer, null);
        }
    }
}
