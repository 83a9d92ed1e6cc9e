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
import java.util.Map;

/** Errors as {@code google.rpc.Status} with ErrorInfo and, where a retry can help, RetryInfo. */
public final class GrpcErrors {
    public static final String DOMAIN = "aviladb";

    private GrpcErrors() {
    }

    /** @param more what the failure tells beside the error: {@code session}, {@code receipt} */
    public static StatusRuntimeException status(AvilaError error, Map<String, String> more) {
        ErrorInfo.Builder info = ErrorInfo.newBuilder().setReason(error.code().name()).setDomain(DOMAIN)
                .putMetadata("code", error.code().code()).putMetadata("hint", error.code().fix());
        if (error.code().outcome() == ErrorCode.Outcome.MAYBE_APPLIED) {
            info.putMetadata("outcome", "may be applied");
        }
        info.putAllMetadata(more);
        Status.Builder status = Status.newBuilder().setCode(Code.valueOf(error.code().grpc().name()).getNumber())
                .setMessage(error.detail()).addDetails(Any.pack(info.build()));
        if (error.code().retryable()) {
            status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(Durations.fromMillis(error.retryAfterMillis())).build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }
}
