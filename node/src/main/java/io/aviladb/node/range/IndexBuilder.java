package io.aviladb.node.range;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The leader's side of building indexes: proposes the next piece of one of them, one at a time, so that writes come in between. Remembers nothing that
 * matters: whoever leads goes on where the log stands.
 */
public final class IndexBuilder {
    /** Of a piece: apply does nothing else meanwhile. */
    private static final int MAX_DOCUMENTS = 256;
    private static final int MAX_BYTES = 1 << 20;

    private final RangeMachine machine;
    private CompletableFuture<Object> underWay = CompletableFuture.completedFuture(true); // owned by the upkeep thread

    public IndexBuilder(RangeMachine machine) {
        this.machine = machine;
    }

    /** Called often, at the leader. A proposal that fails is made again. */
    public void next(Function<GroupEntry, CompletableFuture<Object>> propose) {
        if (underWay.isDone()) {
            next(machine.ranges()).ifPresent(entry -> underWay = propose.apply(entry).exceptionally(failure -> false));
        }
    }

    private static Optional<GroupEntry> next(Map<Long, OwnedRange> ranges) {
        for (OwnedRange range : ranges.values()) {
            if (!range.builds().next().isEmpty()) {
                int index = range.builds().next().firstKey();
                byte[] from = range.builds().next(index).orElseThrow();
                return Optional.of(new GroupEntry.BuildIndex(range.ref().range(), index, from, MAX_DOCUMENTS, MAX_BYTES));
            }
        }
        return Optional.empty();
    }
}
