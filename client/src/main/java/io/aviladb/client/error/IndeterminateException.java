package io.aviladb.client.error;

import org.jspecify.annotations.Nullable;

/** The write may have been applied, or may still be: the answer was lost. Read before writing again. */
public final class IndeterminateException extends AvilaException {
    public IndeterminateException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
