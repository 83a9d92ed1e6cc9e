package io.aviladb.core.range;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.List;
import java.util.OptionalLong;

/** Bounds between ranges as people write and read them: the values of a key's first levels, and after all of them perhaps an id. */
public final class RangeBound {
    private RangeBound() {
    }

    /**
     * The bound in front of all keys that begin with the values; in a synthetic collection the first value is the partition's number.
     *
     * @throws AvilaError {@link ErrorCode#INVALID_PARTITION_KEY} where the values are too many, none, or of a type that no key has
     */
    public static byte[] encode(int collection, PartitionStrategy strategy, List<JsonValue> values) {
        int levels = strategy instanceof PartitionStrategy.Fields fields ? fields.levels().size() : 1;
        if (values.isEmpty() || values.size() > levels + 1) {
            throw new AvilaError(ErrorCode.INVALID_PARTITION_KEY,
                    "a bound has 1 to " + (levels + 1) + " values: levels of the partition key, and then the id; " + values.size()
                            + " came");
        }
        List<JsonValue> partition = values.subList(0, Math.min(levels, values.size()));
        ByteWriter out = new ByteWriter(64);
        out.writeRaw(strategy instanceof PartitionStrategy.Synthetic synthetic
                ? synthetic(collection, synthetic, partition.get(0))
                : DocumentKey.prefix(collection, strategy, partition).start());
        if (values.size() > levels) {
            if (!(values.get(levels) instanceof JsonString id)) {
                throw new AvilaError(ErrorCode.INVALID_PARTITION_KEY, "after the partition key a bound has an id, a string");
            }
            DocumentKey.checkedId(id.value());
            TupleEncoding.append(out, id);
        }
        return out.toByteArray();
    }

    private static byte[] synthetic(int collection, PartitionStrategy.Synthetic synthetic, JsonValue value) {
        OptionalLong number = value instanceof JsonNumber json ? json.toLong() : OptionalLong.empty();
        if (number.isEmpty() || number.getAsLong() < 0 || number.getAsLong() >= synthetic.partitions()) {
            throw new AvilaError(ErrorCode.INVALID_PARTITION_KEY,
                    "a synthetic partition is a number from 0 to " + (synthetic.partitions() - 1) + ", not " + value.toJson());
        }
        ByteWriter out = new ByteWriter(16).writeInt(collection);
        TupleEncoding.append(out, value);
        return out.toByteArray();
    }

    /** The values that a bound was made of; none for the bound where a collection begins or ends. */
    public static List<JsonValue> decode(byte[] bound) {
        return bound.length <= 4 ? List.of() : TupleEncoding.decode(bound, 4, bound.length);
    }
}
