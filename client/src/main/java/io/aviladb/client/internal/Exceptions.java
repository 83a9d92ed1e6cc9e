package io.aviladb.client.internal;

import io.aviladb.client.error.AccessDeniedException;
import io.aviladb.client.error.AvilaException;
import io.aviladb.client.error.ConflictException;
import io.aviladb.client.error.ErrorDetails;
import io.aviladb.client.error.IndeterminateException;
import io.aviladb.client.error.InternalErrorException;
import io.aviladb.client.error.InvalidRequestException;
import io.aviladb.client.error.NotFoundException;
import io.aviladb.client.error.OverloadedException;
import io.aviladb.client.error.PreconditionFailedException;
import io.aviladb.client.error.TimeoutException;
import io.aviladb.client.error.UnavailableException;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.error.ErrorCode.Outcome;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Chooses the exception that tells what may be concluded. */
public final class Exceptions {
    private Exceptions() {
    }

    static AvilaException of(Status.Code status, ErrorDetails details, @Nullable Throwable cause) {
        return switch (status) {
            case INVALID_ARGUMENT, OUT_OF_RANGE, UNIMPLEMENTED -> new InvalidRequestException(details, cause);
            case NOT_FOUND -> new NotFoundException(details, cause);
            case ALREADY_EXISTS, ABORTED -> new ConflictException(details, cause);
            case FAILED_PRECONDITION -> new PreconditionFailedException(details, cause);
            case UNAUTHENTICATED, PERMISSION_DENIED -> new AccessDeniedException(details, cause);
            case RESOURCE_EXHAUSTED -> details.outcome() == Outcome.MAYBE_APPLIED
                    ? new IndeterminateException(details, cause)
                    : new OverloadedException(details, cause);
            case UNAVAILABLE -> details.outcome() == Outcome.MAYBE_APPLIED
                    ? new IndeterminateException(details, cause)
                    : new UnavailableException(details, cause);
            case DEADLINE_EXCEEDED -> new TimeoutException(details, cause);
            case CANCELLED -> new IndeterminateException(details, cause);
            default -> new InternalErrorException(details, cause);
        };
    }

    /** A refusal inside an answer. */
    static AvilaException of(io.aviladb.proto.v1.Refusal refusal) {
        ErrorCode known = Failure.catalogued(refusal.getCode()).orElse(ErrorCode.INTERNAL);
        return of(Status.Code.valueOf(known.grpc().name()), new ErrorDetails(refusal.getCode(), refusal.getReason(), refusal.getMessage(),
                refusal.getHint(), refusal.getRetryable(), known.outcome(), Duration.ZERO), null);
    }

    /** A refusal that needs no server. */
    public static AvilaException of(AvilaError error) {
        ErrorCode code = error.code();
        return of(Status.Code.valueOf(code.grpc().name()), new ErrorDetails(code.code(), code.name(), error.detail(), code.fix(),
                code.retryable(), code.outcome(), Duration.ZERO), error);
    }

    /** The request can't be made. */
    public static AvilaException invalid(ErrorCode code, String detail) {
        return of(new AvilaError(code, detail));
    }
}
