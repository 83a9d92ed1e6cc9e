package io.aviladb.query.merge;

import java.util.concurrent.atomic.AtomicLong;

/** What all queries of one place may keep in memory together. For any thread. */
public final class QueryMemory {
    private final long limit;
    private final AtomicLong reserved = new AtomicLong();

    public QueryMemory(long limitBytes) {
        this.limit = limitBytes;
    }

    /** An eighth of the heap. */
    public static QueryMemory ofHeap() {
        return new QueryMemory(Runtime.getRuntime().maxMemory() / 8);
    }

    boolean reserve(long bytes) {
        if (reserved.addAndGet(bytes) > limit) {
            reserved.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void release(long bytes) {
        reserved.addAndGet(-bytes);
    }

    public long reservedBytes() {
        return reserved.get();
    }
}
