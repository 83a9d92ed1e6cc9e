package io.aviladb.client.error;

import io.aviladb.core.error.ErrorCode.Outcome;
import java.time.Duration;

/**
 * What is known of a failure.
 *
 * @param code of the server's catalogue, {@code AVL-2014}; empty where no server answered
 * @param reason its name, {@code DOCUMENT_EXISTS}; else the name of the gRPC status
 * @param hint what to do about it; may be empty
 * @param retryable whether the same request can succeed later, unchanged
 * @param outcome what a caller may conclude of a write. A read changes nothing: always {@code NOT_APPLIED}
 * @param retryAfter when a retry is worth it; zero where nothing was said
 */
public record ErrorDetails(String code, String reason, String message, String hint, boolean retryable, Outcome outcome,
        Duration retryAfter) {
    public ErrorDetails with(Outcome concluded) {
        return new ErrorDetails(code, reason, message, hint, retryable, concluded, retryAfter);
    }

    public ErrorDetails withMessage(String longer) {
        return new ErrorDetails(code, reason, longer, hint, retryable, outcome, retryAfter);
    }
}
