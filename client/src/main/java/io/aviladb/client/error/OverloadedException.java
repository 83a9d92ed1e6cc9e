package io.aviladb.client.error;

import org.jspecify.annotations.Nullable;

/** The server takes on no more work, or has no space. Nothing was applied: retry later, with fewer requests at once. */
public final class OverloadedException extends AvilaException {
    public OverloadedException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
