package io.aviladb.client.error;

import org.jspecify.annotations.Nullable;

/** The caller is not known, or not allowed to do this. Nothing was applied. */
public final class AccessDeniedException extends AvilaException {
    public AccessDeniedException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
