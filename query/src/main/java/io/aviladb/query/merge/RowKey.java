package io.aviladb.query.merge;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.JsonValue;
import io.aviladb.query.eval.ValueOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a row stands in its result: the keys of ORDER BY, then the document's key, then the row's place among the document's rows. No two rows of
 * a result are equal.
 *
 * @param document empty for a group
 */
public record RowKey(List<? extends @Nullable JsonValue> keys, byte[] document, int place) {
    public RowKey {
        keys = Collections.unmodifiableList(keys);
    }

    void write(ByteWriter out) {
        PartialCodec.writeValues(out, keys);
        out.writeBytes(document).writeVarInt(place);
    }

    /** @throws io.aviladb.core.codec.MalformedBytesException where the bytes are none of {@link #write} */
    static RowKey read(ByteReader in) {
        return new RowKey(PartialCodec.readValues(in), in.readBytes(), in.readVarInt());
    }

    /** Keys beyond the directions ascend, and so does what follows them. */
    static Comparator<RowKey> order(List<Boolean> descending) {
        return (a, b) -> {
            for (int i = 0; i < a.keys().size(); i++) {
                int order = ValueOrder.ORDER.compare(a.keys().get(i), b.keys().get(i));
                if (order != 0) {
                    return i < descending.size() && descending.get(i) ? -order : order;
                }
            }
            int document = Arrays.compareUnsigned(a.document(), b.document());
            return document != 0 ? document : Integer.compare(a.place(), b.place());
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowKey that && keys.equals(that.keys) && Arrays.equals(document, that.document) && place == that.place;
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(document) + place;
    }

    @Override
    public String toString() {
        return keys + "/" + java.util.HexFormat.of().formatHex(document) + "/" + place;
    }
}
