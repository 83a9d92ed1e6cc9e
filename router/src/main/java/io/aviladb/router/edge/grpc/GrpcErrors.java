package io.aviladb.router.edge.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** Errors as {@code google.rpc.Status} with ErrorInfo and, where a retry can help, RetryInfo. */
public final class GrpcErrors {
    public static final String DOMAIN = "aviladb";

    private GrpcErrors() {
    }

    /** @param session what a refusal has shown, as a token; empty for none */
    public static StatusRuntimeException status(AvilaError error, String session) {
        ErrorInfo.Builder info = ErrorInfo.newBuilder().setReason(error.code().name()).setDomain(DOMAIN)
                .putMetadata("code", error.code().code()).putMetadata("hint", error.code().fix());
        if (error.code().outcome() == ErrorCode.Outcome.MAYBE_APPLIED) {
            info.putMetadata("outcome", "may be applied");
        }
        if (!session.isEmpty()) {
            info.putMetadata("session", session);
        }
        Status.Builder status = Status.newBuilder().setCode(Code.valueOf(error.code().grpc().name()).getNumber())
                .setMessage(error.detail()).addDetails(Any.pack(info.build()));
        if (error.code().retryable()) {
            status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(Durations.fromMillis(error.retryAfterMillis())).build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }
}
