package io.aviladb.router.edge;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.version.VersionVector;
import io.aviladb.router.route.Served;

/** A node judged the request and refused it: the error, and what the session has thereby seen. */
public final class RefusedException extends RuntimeException {
    private final transient AvilaError error;
    private final transient VersionVector session;
    private final transient Served served;

    public RefusedException(AvilaError error, VersionVector session, Served served) {
        super(error.detail(), null, false, false);
        this.error = error;
        this.session = session;
        this.served = served;
    }

    public AvilaError error() {
        return error;
    }

    public VersionVector session() {
        return session;
    }

    public Served served() {
        return served;
    }
}
