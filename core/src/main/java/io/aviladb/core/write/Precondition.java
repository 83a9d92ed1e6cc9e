package io.aviladb.core.write;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.version.VersionVector;

/** What must hold of a document for a write to happen. Judged in apply. */
public sealed interface Precondition {
    /** Whatever is there. */
    record None() implements Precondition {}

    /** Nothing is there, else 409: an insert. */
    record Insert() implements Precondition {}

    /** Nothing is there, else 412: {@code If-None-Match: *}. */
    record Absent() implements Precondition {}

    /** Something is there, else 404: {@code If-Match: *}, patches and deletes. */
    record Present() implements Precondition {}

    /** Exactly the state with this vector is there, else 412: {@code If-Match: etag}. A put under it is the difference from that state. */
    record Matches(VersionVector vector) implements Precondition {}

    /**
     * Exactly the state with this vector is there, deleted or not; the empty one stands for no trace of the document. Else 412. A put under it is
     * the difference from that state.
     */
    record Seen(VersionVector vector) implements Precondition {}

    Precondition NONE = new None();
    Precondition INSERT = new Insert();
    Precondition ABSENT = new Absent();
    Precondition PRESENT = new Present();

    default void write(ByteWriter out) {
        if (this instanceof Matches matches) {
            out.writeByte(4);
            matches.vector().write(out);
        } else if (this instanceof Seen seen) {
            seen.vector().write(out.writeByte(5));
        } else {
            out.writeByte(this instanceof None ? 0 : this instanceof Insert ? 1 : this instanceof Absent ? 2 : 3);
        }
    }

    static Precondition read(ByteReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case 0 -> NONE;
            case 1 -> INSERT;
            case 2 -> ABSENT;
            case 3 -> PRESENT;
            case 4 -> new Matches(VersionVector.read(in));
            case 5 -> new Seen(VersionVector.read(in));
            default -> throw new MalformedBytesException("unknown precondition " + kind);
        };
    }
}
