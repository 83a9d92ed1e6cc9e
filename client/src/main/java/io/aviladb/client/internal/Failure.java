package io.aviladb.client.internal;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.aviladb.client.error.ErrorDetails;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.error.ErrorCode.Outcome;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What one attempt failed of.
 *
 * @param status by which the exception's type is chosen
 * @param answered whether a server said so, rather than the connection
 */
record Failure(Status.Code status, ErrorDetails details, boolean answered, Throwable cause) {
    private static final String DOMAIN = "aviladb";

    static Failure of(Throwable error) {
        Status status = Status.fromThrowable(error);
        com.google.rpc.Status rich = StatusProto.fromThrowable(error);
        if (rich != null) {
            Optional<ErrorInfo> info = detail(rich, ErrorInfo.class).filter(found -> found.getDomain().equals(DOMAIN));
            if (info.isPresent()) {
                return new Failure(status.getCode(), details(status, rich, info.get()), true, error);
            }
        }
        boolean unsent = neverSent(error);
        String message = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        return new Failure(status.getCode(),
                new ErrorDetails("", status.getCode().name(), message, "", status.getCode() == Status.Code.UNAVAILABLE,
                        unsent || refused(status.getCode()) ? Outcome.NOT_APPLIED : Outcome.MAYBE_APPLIED, Duration.ZERO),
                false, error);
    }

    private static ErrorDetails details(Status status, com.google.rpc.Status rich, ErrorInfo info) {
        Map<String, String> metadata = info.getMetadataMap();
        String code = metadata.getOrDefault("code", "");
        Optional<ErrorCode> known = catalogued(code);
        Optional<RetryInfo> retry = detail(rich, RetryInfo.class);
        // A code that is newer than this client is judged by what came with it.
        boolean retryable = known.map(ErrorCode::retryable).orElse(retry.isPresent());
        Outcome outcome = known.map(ErrorCode::outcome)
                .orElse(refused(status.getCode()) ? Outcome.NOT_APPLIED : Outcome.MAYBE_APPLIED);
        Duration after = retry.map(RetryInfo::getRetryDelay).map(d -> Duration.ofSeconds(d.getSeconds(), d.getNanos()))
                .orElse(Duration.ZERO);
        return new ErrorDetails(code, info.getReason(), rich.getMessage(), metadata.getOrDefault("hint", ""), retryable, outcome, after);
    }

    static Optional<ErrorCode> catalogued(String code) {
        try {
            return code.startsWith("AVL-") ? ErrorCode.ofNumber(Integer.parseInt(code.substring(4))) : Optional.empty();
        } catch (NumberFormatException notOurs) {
            return Optional.empty();
        }
    }

    private static <T extends com.google.protobuf.Message> Optional<T> detail(com.google.rpc.Status rich, Class<T> type) {
        for (Any any : rich.getDetailsList()) {
            if (any.is(type)) {
                try {
                    return Optional.of(any.unpack(type));
                } catch (InvalidProtocolBufferException damaged) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** Statuses by which a server refuses before it does anything. */
    private static boolean refused(Status.Code code) {
        return switch (code) {
            case INVALID_ARGUMENT, OUT_OF_RANGE, UNIMPLEMENTED, NOT_FOUND, ALREADY_EXISTS, ABORTED, FAILED_PRECONDITION, UNAUTHENTICATED,
                    PERMISSION_DENIED, RESOURCE_EXHAUSTED ->
                true;
            default -> false;
        };
    }

    private static boolean neverSent(Throwable error) {
        for (Throwable t = error; t != null; t = t.getCause()) {
            if (t instanceof ConnectException || t instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    boolean maybeApplied() {
        return details.outcome() == Outcome.MAYBE_APPLIED;
    }

    boolean connectionFailed() {
        return !answered && status == Status.Code.UNAVAILABLE;
    }

    /** Whether another host may do better at once. A session's token has to be waited for where it is. */
    boolean elsewhere() {
        return status == Status.Code.UNAVAILABLE && !details.reason().equals(ErrorCode.SESSION_NOT_REACHED.name())
                && !details.reason().equals(ErrorCode.STALENESS_NOT_MET.name());
    }
}
