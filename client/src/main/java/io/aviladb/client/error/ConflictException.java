package io.aviladb.client.error;

import org.jspecify.annotations.Nullable;

/** Something with this name or id exists, or is still in use. Nothing was applied. */
public final class ConflictException extends AvilaException {
    public ConflictException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
