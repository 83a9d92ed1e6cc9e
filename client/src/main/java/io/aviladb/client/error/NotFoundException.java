package io.aviladb.client.error;

import org.jspecify.annotations.Nullable;

/** Absence was proven: no such document, collection or database. Nothing was applied. */
public final class NotFoundException extends AvilaException {
    public NotFoundException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
