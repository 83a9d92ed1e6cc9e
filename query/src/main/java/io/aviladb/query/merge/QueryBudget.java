package io.aviladb.query.merge;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;

/** What one query may keep in memory. One thread's. HAZARD: too large, and a few queries fill the heap; too small, and large sorts are refused. */
public final class QueryBudget implements AutoCloseable {
    /** Of one query at one place. */
    public static final long DEFAULT_BYTES = 64L << 20;
    /** Memory is taken from the place's in steps of so many bytes. */
    private static final long STEP = 256L << 10;

    private final long limit;
    private final QueryMemory memory;
    private long used;
    private long reserved; // invariant: used <= reserved, but where a query was refused

    public QueryBudget(long limitBytes) {
        this(limitBytes, new QueryMemory(Long.MAX_VALUE));
    }

    /** @param memory of the place, which all its queries share */
    public QueryBudget(long limitBytes, QueryMemory memory) {
        this.limit = limitBytes;
        this.memory = memory;
    }

    /** @throws AvilaError {@link ErrorCode#QUERY_BUDGET}, or {@link ErrorCode#OVERLOADED} where all queries together need too much */
    public void take(String operator, long bytes) {
        used += bytes;
        if (used > limit) {
            throw new AvilaError(ErrorCode.QUERY_BUDGET, operator + " needs more than the " + limit + " bytes that a query may keep");
        }
        if (used > reserved) {
            long more = Math.max(STEP, used - reserved);
            if (!memory.reserve(more)) {
                throw new AvilaError(ErrorCode.OVERLOADED, "the queries that run here need all the memory that queries may use", 100);
            }
            reserved += more;
        }
    }

    void give(long bytes) {
        used -= bytes;
    }

    /** Gives back what the query kept. */
    @Override
    public void close() {
        memory.release(reserved);
        reserved = 0;
        used = 0;
    }
}
