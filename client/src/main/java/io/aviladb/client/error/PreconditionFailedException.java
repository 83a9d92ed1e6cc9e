package io.aviladb.client.error;

import org.jspecify.annotations.Nullable;

/** The document is not in the state that the request asked for. Nothing was applied: read it again. */
public final class PreconditionFailedException extends AvilaException {
    public PreconditionFailedException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
