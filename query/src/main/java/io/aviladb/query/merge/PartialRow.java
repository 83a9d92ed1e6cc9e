package io.aviladb.query.merge;

import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result: a value, its canonical JSON, or both. Most rows are only handed on, so neither is made of the other before somebody asks. Immutable;
 * the byte array is shared and must not be changed.
 */
public final class PartialRow {
    private final RowKey key;
    private final long sizeBytes;
    private @Nullable JsonValue value; // made on first use, as is the JSON; a race makes it twice, and both are equal
    private byte @Nullable [] json;

    private PartialRow(RowKey key, @Nullable JsonValue value, byte @Nullable [] json, long sizeBytes) {
        this.key = key;
        this.value = value;
        this.json = json;
        this.sizeBytes = 160L + key.document().length + Sizes.bytes(key.keys()) + sizeBytes;
    }

    static PartialRow of(RowKey key, JsonValue value) {
        return new PartialRow(key, value, null, Sizes.bytes(value));
    }

    /** @param json canonical; nothing is checked until it is parsed */
    static PartialRow ofJson(RowKey key, byte[] json) {
        return new PartialRow(key, null, json, json.length);
    }

    public RowKey key() {
        return key;
    }

    public JsonValue value() {
        JsonValue known = value;
        if (known == null) {
            // A row may wrap a document once or twice more.
            known = JsonParser.parse(json(), JsonParser.MAX_NESTING + 2);
            value = known;
        }
        return known;
    }

    /** Canonical. */
    public byte[] json() {
        byte[] known = json;
        if (known == null) {
            known = value().toJsonBytes();
            json = known;
        }
        return known;
    }

    /** Roughly what it took of memory when it was made. */
    long sizeBytes() {
        return sizeBytes;
    }
}
