package io.aviladb.query.merge;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;

/** What one query may keep in memory. One thread's. HAZARD: too large, and a few queries fill the heap; too small, and large sorts are refused. */
public final class QueryBudget {
    /** Of one query at one place. */
    public static final long DEFAULT_BYTES = 64L << 20;

    private final long limit;
    private long used;

    public QueryBudget(long limitBytes) {
        this.limit = limitBytes;
    }

    /** @throws AvilaError {@link ErrorCode#QUERY_BUDGET} */
    void take(String operator, long bytes) {
        used += bytes;
        if (used > limit) {
            throw new AvilaError(ErrorCode.QUERY_BUDGET, operator + " needs more than the " + limit + " bytes that a query may keep");
        }
    }

    void give(long bytes) {
        used -= bytes;
    }
}
