package io.aviladb.core.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;

/**
 * What a collection demands of its documents.
 *
 * @param json the JSON Schema (2020-12), canonical; empty where the collection has none
 * @param level which writes are checked
 * @param action what becomes of one that breaks it
 */
public record SchemaDefinition(String json, Level level, Action action) {
    /** Which writes are checked. The order is the wire's. */
    public enum Level {
        /** All of them. */
        STRICT,
        /** All but updates of documents that break the schema already. */
        MODERATE,
        /** None. */
        OFF
    }

    /** What becomes of a write that breaks the schema. The order is the wire's. */
    public enum Action {
        /** It is refused. */
        ERROR,
        /** It is done, and its answer says what is wrong. */
        WARN
    }

    /** Every range carries its collection's schema along. */
    public static final int MAX_BYTES = 32 << 10;
    public static final SchemaDefinition NONE = new SchemaDefinition("", Level.OFF, Action.WARN);

    public SchemaDefinition {
        if (json.length() > MAX_BYTES) {
            throw new IllegalArgumentException("a schema has at most " + MAX_BYTES + " characters");
        }
    }

    public boolean isNone() {
        return json.isEmpty();
    }

    /** Whether writes are refused, and merges not shown, that break it. */
    public boolean isEnforced() {
        return !isNone() && level != Level.OFF && action == Action.ERROR;
    }

    public void write(ByteWriter out) {
        out.writeString(json).writeByte(level.ordinal() << 4 | action.ordinal());
    }

    public static SchemaDefinition read(ByteReader in) {
        String json = in.readString();
        int modes = in.readByte();
        if (modes >>> 4 >= Level.values().length || (modes & 0xF) >= Action.values().length) {
            throw new MalformedBytesException("a schema says what this software doesn't know: " + modes);
        }
        return new SchemaDefinition(json, Level.values()[modes >>> 4], Action.values()[modes & 0xF]);
    }
}
