package io.aviladb.client.error;

import org.jspecify.annotations.Nullable;

/** The request is not what the operation takes, breaks a limit, or asks for what the server doesn't do. Nothing was applied. */
public final class InvalidRequestException extends AvilaException {
    public InvalidRequestException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
