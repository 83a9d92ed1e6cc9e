package io.aviladb.client.error;

import io.aviladb.core.error.ErrorCode.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * An operation failed. The subtype tells what may be concluded:
 *
 * <ul> <li><em>not applied</em>: {@link InvalidRequestException}, {@link NotFoundException}, {@link ConflictException},
 * {@link PreconditionFailedException}, {@link AccessDeniedException}: the server refused, and will again; <li><em>try elsewhere</em>, or
 * later: {@link UnavailableException}, {@link OverloadedException}: nothing was applied; <li><em>may be applied</em>:
 * {@link IndeterminateException}; {@link TimeoutException} and {@link InternalErrorException} where {@link #outcome()} says so. </ul>
 */
public abstract sealed class AvilaException extends RuntimeException
        permits InvalidRequestException, NotFoundException, ConflictException, PreconditionFailedException, AccessDeniedException,
        UnavailableException, OverloadedException, IndeterminateException, TimeoutException, InternalErrorException {
    private final ErrorDetails details;

    AvilaException(ErrorDetails details, @Nullable Throwable cause) {
        super((details.code().isEmpty() ? details.reason() : details.code()) + ": " + details.message()
                + (details.hint().isEmpty() ? "" : " (" + details.hint() + ")"), cause);
        this.details = details;
    }

    /** Of the server's catalogue: {@code AVL-2014}. Empty where no server answered. */
    public String code() {
        return details.code();
    }

    /** The code's name: {@code DOCUMENT_EXISTS}. */
    public String reason() {
        return details.reason();
    }

    /** What to do about it; may be empty. */
    public String hint() {
        return details.hint();
    }

    /** Whether the same request can succeed later, unchanged. */
    public boolean retryable() {
        return details.retryable();
    }

    /** What may be concluded of a write. */
    public Outcome outcome() {
        return details.outcome();
    }

    public ErrorDetails details() {
        return details;
    }
}
