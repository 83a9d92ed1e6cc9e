package io.aviladb.client.error;

import org.jspecify.annotations.Nullable;

/** The time ran out before the answer came. A write may have been applied: see {@link #outcome()}. */
public final class TimeoutException extends AvilaException {
    public TimeoutException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
