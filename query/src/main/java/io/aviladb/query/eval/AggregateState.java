package io.aviladb.query.eval;

import io.aviladb.core.document.JsonValue;
import org.jspecify.annotations.Nullable;

/** What one aggregate remembers of the rows so far. Two states of disjoint rows merge to the state of both, in either order. */
public interface AggregateState {
    /** @param value missing and null don't count */
    void add(@Nullable JsonValue value);

    /** Takes over what the other has seen. @param other of the same aggregate; not to be used again */
    void merge(AggregateState other);

    @Nullable
    JsonValue result();

    /** Roughly, of memory. */
    default int sizeBytes() {
        return 64;
    }
}
