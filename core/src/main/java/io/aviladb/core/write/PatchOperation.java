package io.aviladb.core.write;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * One step of a patch.
 *
 * @param from only with {@link Kind#MOVE}: where the value is taken from
 * @param value absent with {@link Kind#UNSET} and {@link Kind#MOVE}
 */
public record PatchOperation(Kind kind, FieldPath path, @Nullable FieldPath from, @Nullable JsonValue value) {
    /** What is done at the path. The order is the wire's: add at the end. */
    public enum Kind {
        /** The value takes the path's place; missing parents are made. */
        SET,
        /** The member goes; nothing happens where it is missing. */
        UNSET,
        /** A counter: concurrent increments add up. */
        INC,
        /** The greater of the two numbers. */
        MAX,
        /** The lesser of the two numbers. */
        MIN,
        /** The value becomes the array's last element; a missing array is made. */
        APPEND,
        /** As append, unless an equal element is there. */
        ADD_TO_SET,
        /** Elements equal to the value go from the array. */
        REMOVE,
        /** The value at {@code from} goes to the path. */
        MOVE
    }

    public PatchOperation {
        if (path.isRoot() || from != null && from.isRoot()) {
            throw new IllegalArgumentException("a patch operation's path names a field");
        }
        if ((kind == Kind.MOVE) != (from != null)) {
            throw new IllegalArgumentException("'from' comes with move, and only with it");
        }
        if ((kind == Kind.UNSET || kind == Kind.MOVE) != (value == null)) {
            throw new IllegalArgumentException("a value comes with every operation but unset and move");
        }
    }

    public void write(ByteWriter out) {
        out.writeByte(kind.ordinal()).writeString(path.toString());
        if (from != null) {
            out.writeString(from.toString());
        }
        if (value != null) {
            out.writeBytes(value.toJsonBytes());
        }
    }

    public static PatchOperation read(ByteReader in) {
        int ordinal = in.readByte();
        if (ordinal >= Kind.values().length) {
            throw new MalformedBytesException("unknown patch operation " + ordinal);
        }
        Kind kind = Kind.values()[ordinal];
        FieldPath path = FieldPath.parse(in.readString());
        return new PatchOperation(kind, path, kind == Kind.MOVE ? FieldPath.parse(in.readString()) : null,
                kind == Kind.UNSET || kind == Kind.MOVE ? null : JsonParser.parse(in.readBytes()));
    }
}
