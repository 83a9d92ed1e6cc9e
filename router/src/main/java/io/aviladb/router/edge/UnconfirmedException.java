package io.aviladb.router.edge;

import io.aviladb.core.error.AvilaError;

/** A write was committed in its region, and the durability that was asked for wasn't reached in time: the error, and the write that stands. */
public final class UnconfirmedException extends RuntimeException {
    private final transient AvilaError error;
    private final transient DocumentOperations.Written written;

    public UnconfirmedException(AvilaError error, DocumentOperations.Written written) {
        super(error.detail(), null, false, false);
        this.error = error;
        this.written = written;
    }

    public AvilaError error() {
        return error;
    }

    public DocumentOperations.Written written() {
        return written;
    }
}
