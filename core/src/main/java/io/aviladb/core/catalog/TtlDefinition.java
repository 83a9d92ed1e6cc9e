package io.aviladb.core.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.FieldPath;
import java.util.Optional;

/**
 * How long a collection's documents live.
 *
 * @param seconds after its last write, for a document that says nothing by itself; 0 for ever
 * @param field where a document says it by itself: a number of seconds after its last write, or the time at which it ends
 */
public record TtlDefinition(long seconds, Optional<FieldPath> field) {
    /** A hundred years. */
    public static final long MAX_SECONDS = 3_153_600_000L;
    public static final TtlDefinition NONE = new TtlDefinition(0, Optional.empty());

    public TtlDefinition {
        if (seconds < 0 || seconds > MAX_SECONDS || field.filter(FieldPath::isRoot).isPresent()) {
            throw new IllegalArgumentException("documents live for 1 to " + MAX_SECONDS + " seconds, or by a field");
        }
    }

    public boolean isNone() {
        return seconds == 0 && field.isEmpty();
    }

    public void write(ByteWriter out) {
        out.writeVarLong(seconds).writeString(field.map(FieldPath::toString).orElse(""));
    }

    public static TtlDefinition read(ByteReader in) {
        long seconds = in.readVarLong();
        String field = in.readString();
        return new TtlDefinition(seconds, field.isEmpty() ? Optional.empty() : Optional.of(FieldPath.parse(field)));
    }
}
