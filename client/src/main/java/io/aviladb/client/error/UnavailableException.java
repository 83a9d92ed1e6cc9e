package io.aviladb.client.error;

import org.jspecify.annotations.Nullable;

/** Nothing that was reached could serve the request, and nothing was applied. Try elsewhere, or later. */
public final class UnavailableException extends AvilaException {
    public UnavailableException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
