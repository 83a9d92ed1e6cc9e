package io.aviladb.router.edge;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds how many requests are under way: what comes beyond is refused at once, before it costs anything. */
public final class InFlightLimit {
    private final int limit;
    private final AtomicInteger underWay = new AtomicInteger();

    public InFlightLimit(int limit) {
        this.limit = limit;
    }

    /** Counts a request in. @throws AvilaError {@link ErrorCode#OVERLOADED} */
    public void enter() {
        if (underWay.incrementAndGet() > limit) {
            underWay.decrementAndGet();
            throw new AvilaError(ErrorCode.OVERLOADED, limit + " requests are under way here", 1_000);
        }
    }

    public void leave() {
        underWay.decrementAndGet();
    }

    public int underWay() {
        return underWay.get();
    }
}
