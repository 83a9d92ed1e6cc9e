package io.aviladb.query.eval;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
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

    /** What it has seen, for {@link #merge(ByteReader)} at another place. */
    void write(ByteWriter out);

    /**
     * Takes over what a state of the same aggregate has written.
     *
     * @throws MalformedBytesException where the bytes are none of {@link #write}
     */
    void merge(ByteReader in);

    /** Roughly, of memory. */
    default int sizeBytes() {
        return 64;
    }
}
