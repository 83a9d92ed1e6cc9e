package io.aviladb.core.range;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.document.Limits;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a document is: collection id (4 bytes), encoded partition key, encoded id. Ordered as unsigned bytes. The array is shared and must
 * not be changed.
 */
public record DocumentKey(byte[] bytes) implements Comparable<DocumentKey> {
    /** Collection, partition key, id, and room for escapes. */
    public static final int MAX_BYTES = 4 + Limits.MAX_PARTITION_KEY_BYTES + 2 * Limits.MAX_ID_BYTES + 2;

    /** The key of a document whose partition values are known, one for each level (none for synthetic). */
    public static DocumentKey of(int collection, PartitionStrategy strategy, List<JsonValue> partition, String id) {
        ByteWriter out = new ByteWriter(96);
        out.writeInt(collection);
        if (strategy instanceof PartitionStrategy.Synthetic synthetic) {
            int hash = PartitionHash.of(id.getBytes(StandardCharsets.UTF_8));
            TupleEncoding.append(out, JsonNumber.of(Integer.remainderUnsigned(hash, synthetic.partitions())));
        } else if (strategy instanceof PartitionStrategy.Fields fields) {
            if (partition.size() != fields.levels().size()) {
                throw new AvilaError(ErrorCode.INVALID_PARTITION_KEY,
                        "the partition key has " + fields.levels().size() + " levels (" + names(fields) + "), and " + partition.size()
                                + " came");
            }
            appendLevels(out, fields, partition);
        }
        TupleEncoding.append(out, new JsonString(checkedId(id)));
        return new DocumentKey(out.toByteArray());
    }

    /** The key of a document by its own fields. @throws AvilaError {@link ErrorCode#MISSING_PARTITION_FIELD} */
    public static DocumentKey of(int collection, PartitionStrategy strategy, Document document, String id) {
        return of(collection, strategy, partition(strategy, document), id);
    }

    /** The partition values that a document holds, none for synthetic. @throws AvilaError {@link ErrorCode#MISSING_PARTITION_FIELD} */
    public static List<JsonValue> partition(PartitionStrategy strategy, Document document) {
        if (!(strategy instanceof PartitionStrategy.Fields fields)) {
            return List.of();
        }
        JsonValue[] values = new JsonValue[fields.levels().size()];
        for (int i = 0; i < values.length; i++) {
            var field = fields.levels().get(i).field();
            values[i] = document.at(field).orElseThrow(
                    () -> new AvilaError(ErrorCode.MISSING_PARTITION_FIELD,
                            "the document lacks " + field + ", a level of its partition key"));
        }
        return List.of(values);
    }

    /** The interval of all keys of the collection whose partition key begins with the values. */
    public static KeyRange prefix(int collection, PartitionStrategy strategy, List<JsonValue> partitionPrefix) {
        ByteWriter out = new ByteWriter(64);
        out.writeInt(collection);
        if (!partitionPrefix.isEmpty()) {
            if (!(strategy instanceof PartitionStrategy.Fields fields) || partitionPrefix.size() > fields.levels().size()) {
                throw new AvilaError(ErrorCode.INVALID_PARTITION_KEY, "the prefix has more levels than the collection's partition key");
            }
            appendLevels(out, fields, partitionPrefix);
        }
        return KeyRange.prefix(out.toByteArray());
    }

    private static void appendLevels(ByteWriter out, PartitionStrategy.Fields fields, List<JsonValue> values) {
        int start = out.length();
        for (int i = 0; i < values.size(); i++) {
            if (fields.levels().get(i).hashed()) {
                TupleEncoding.appendHashed(out, values.get(i));
            } else {
                TupleEncoding.append(out, values.get(i));
            }
        }
        if (out.length() - start > Limits.MAX_PARTITION_KEY_BYTES) {
            throw new AvilaError(ErrorCode.INVALID_PARTITION_KEY,
                    "the partition key has " + (out.length() - start) + " bytes; the limit is " + Limits.MAX_PARTITION_KEY_BYTES);
        }
    }

    private static String names(PartitionStrategy.Fields fields) {
        return String.join(", ", fields.levels().stream().map(level -> level.field().toString()).toList());
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_ID} */
    public static String checkedId(@Nullable String id) {
        int length = id == null ? 0 : id.getBytes(StandardCharsets.UTF_8).length;
        if (id == null || length < 1 || length > Limits.MAX_ID_BYTES) {
            throw new AvilaError(ErrorCode.INVALID_ID, "an id has 1 to " + Limits.MAX_ID_BYTES + " bytes of UTF-8, not " + length);
        }
        return id;
    }

    public int collection() {
        return (bytes[0] & 0xFF) << 24 | (bytes[1] & 0xFF) << 16 | (bytes[2] & 0xFF) << 8 | bytes[3] & 0xFF;
    }

    /** The document's id: the last value of the tuple. */
    public String id() {
        List<JsonValue> values = TupleEncoding.decode(bytes, 4, bytes.length);
        return ((JsonString) values.get(values.size() - 1)).value();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DocumentKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public int compareTo(DocumentKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
