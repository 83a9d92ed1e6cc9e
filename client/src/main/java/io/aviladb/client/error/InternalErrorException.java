package io.aviladb.client.error;

import org.jspecify.annotations.Nullable;

/** The server met something that it didn't expect. A write may have been applied: see {@link #outcome()}. */
public final class InternalErrorException extends AvilaException {
    public InternalErrorException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
