package io.aviladb.node.consensus.ratis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Who waits for an index to be applied. Costs the apply thread two reads of memory where nobody waits. */
final class AppliedWaiters {
    private final TreeMap<Long, CompletableFuture<Void>> waiting = new TreeMap<>();
    private volatile long lowest = Long.MAX_VALUE;
    private volatile long applied = -1;

    CompletableFuture<Void> await(long index) {
        if (index <= applied) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> future;
        synchronized (this) {
            future = waiting.computeIfAbsent(index, i -> new CompletableFuture<>());
            lowest = waiting.firstKey();
        }
        // The apply thread writes applied before it reads lowest, this one the other way round: one of them sees the other.
        if (index <= applied) {
            complete(applied);
        }
        return future.copy();
    }

    void advance(long index) {
        applied = index;
        if (lowest <= index) {
            complete(index);
        }
    }

    private void complete(long index) {
        List<CompletableFuture<Void>> due;
        synchronized (this) {
            Map<Long, CompletableFuture<Void>> reached = waiting.headMap(index, true);
            due = new ArrayList<>(reached.values());
            reached.clear();
            lowest = waiting.isEmpty() ? Long.MAX_VALUE : waiting.firstKey();
        }
        due.forEach(f -> f.complete(null));
    }

    /** The state was opened anew, perhaps at an earlier index. */
    void restartAt(long index) {
        applied = index;
        complete(index);
    }

    void fail(RuntimeException why) {
        List<CompletableFuture<Void>> all;
        synchronized (this) {
            all = new ArrayList<>(waiting.values());
            waiting.clear();
            lowest = Long.MAX_VALUE;
        }
        all.forEach(f -> f.completeExceptionally(why));
    }
}
