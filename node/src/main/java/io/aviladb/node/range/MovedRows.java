package io.aviladb.node.range;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.query.index.IndexKeys;
import io.aviladb.storage.Batch;
import io.aviladb.storage.Reads;
import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.Row;
import io.aviladb.storage.engine.RowVisitor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The rows that travel with a range: all that are found by a document's key, whatever they mean. While a range is copied, each entry of the log
 * notes the rows that it changes, and they are copied again.
 */
final class MovedRows {
    /** In the order in which they are copied. */
    static final List<Family> FAMILIES = List.of(Family.HEADS, Family.VERSIONS, Family.DEDUP, Family.CONFLICTS, Family.INDEX);
    private static final byte[] CHANGED = "moving/".getBytes(StandardCharsets.US_ASCII);

    private MovedRows() {
    }

    /** Names the family in logs and on the wire; 0 for one that doesn't travel as rows. */
    static int code(Family family) {
        return switch (family) {
            case HEADS -> 1;
            case VERSIONS -> 2;
            case DEDUP -> 3;
            case CONFLICTS -> 4;
            case INDEX -> 5;
            case META, FEED -> 0;
        };
    }

    static Family family(int code) {
        return FAMILIES.stream().filter(family -> code(family) == code).findFirst()
                .orElseThrow(() -> new MalformedBytesException("no family of rows has the number " + code));
    }

    static boolean isOf(KeyRange keys, Family family, byte[] key) {
        return keys.contains(family == Family.INDEX ? IndexKeys.document(key) : new DocumentKey(key));
    }

    /** Visits the family's rows of the keys in their order. @param after the row behind which to go on; empty for the first */
    static void scan(Family family, KeyRange keys, byte[] after, Reads view, RowVisitor visitor) {
        KeyRange all = family == Family.INDEX ? KeyRange.collection(new ByteReader(keys.start()).readInt()) : keys;
        byte[] from = after.length == 0 ? all.start() : Arrays.copyOf(after, after.length + 1);
        if (all.end().length != 0 && Arrays.compareUnsigned(from, all.end()) >= 0) {
            return;
        }
        view.scanRows(family, new KeyRange(from, all.end()),
                (key, value) -> !isOf(keys, family, key) || visitor.visit(key, value));
    }

    /** Deletes rows of the keys, so many at most. @return whether none is left */
    static boolean clear(KeyRange keys, int maxRows, Reads store, Batch batch) {
        int[] left = {maxRows};
        boolean[] more = {false};
        for (Family family : FAMILIES) {
            scan(family, keys, new byte[0], store, (key, value) -> {
                more[0] = left[0]-- == 0;
                if (!more[0]) {
                    batch.deleteRow(new Row(family, key));
                }
                return !more[0];
            });
            if (more[0]) {
                return false;
            }
        }
        return true;
    }

    /** Notes what the batch changes of a range that is copied. @param index of the entry in the log */
    static void note(long operation, KeyRange keys, long index, Batch batch) {
        int position = 0;
        for (Family family : FAMILIES) {
            for (byte[] key : batch.changed(family)) {
                if (isOf(keys, family, key)) {
                    byte[] name = changes(operation).writeLong(index).writeInt(position++).toByteArray();
                    batch.putMeta(name, new ByteWriter(key.length + 1).writeByte(code(family)).writeRaw(key).toByteArray());
                }
            }
        }
    }

    /** The row that a note is about. */
    static Row noted(byte[] note) {
        return new Row(family(note[0]), Arrays.copyOfRange(note, 1, note.length));
    }

    /** What the names of the operation's notes begin with. */
    static ByteWriter changes(long operation) {
        return new ByteWriter(32).writeRaw(CHANGED).writeLong(operation);
    }
}
