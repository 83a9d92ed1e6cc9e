package io.aviladb.query.index;

import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.query.eval.ValueBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where entries with certain values lie. */
public final class IndexBounds {
    private IndexBounds() {
    }

    /** What all entries of the index begin with. */
    public static byte[] prefix(int collection, int index) {
        return IndexKeys.prefix(collection, index).toByteArray();
    }

    public static byte[] value(@Nullable JsonValue value, boolean descending) {
        return IndexKeys.value(value, descending);
    }

    public static byte[] join(byte[] beginning, byte[] more) {
        byte[] both = Arrays.copyOf(beginning, beginning.length + more.length);
        System.arraycopy(more, 0, both, beginning.length, more.length);
        return both;
    }

    /**
     * The entries behind the beginning whose next value is of the bounds' kind and lies between them, both included.
     *
     * @param low null for the least of the kind, at most one of the two
     * @param high null for the greatest
     */
    public static Optional<KeyRange> between(byte[] beginning, @Nullable JsonValue low, @Nullable JsonValue high, boolean descending) {
        byte[] least = low != null ? IndexKeys.value(low, false) : high != null ? ValueBytes.kindStart(high) : new byte[0];
        byte[] greatest = high != null ? IndexKeys.value(high, false) : low != null ? lastOf(low) : new byte[0];
        byte[] first = join(beginning, descending ? IndexKeys.inverted(greatest) : least);
        byte[] last = KeyRange.prefix(join(beginning, descending ? IndexKeys.inverted(least) : greatest)).end();
        return Arrays.compareUnsigned(first, last) < 0 ? Optional.of(new KeyRange(first, last)) : Optional.empty();
    }

    /** What the greatest values of the kind begin with. */
    private static byte[] lastOf(JsonValue value) {
        byte[] end = ValueBytes.kindEnd(value);
        end[0]--;
        return end;
    }

    /**
     * The values of consecutive fields as entries hold them, up to the first that is cut: of two tuples with different bytes here the lesser one has
     * the lesser bytes.
     */
    public static byte[] order(List<? extends @Nullable JsonValue> values, List<Boolean> descending) {
        byte[] bytes = {};
        List<@Nullable JsonValue> rest = new ArrayList<>(values);
        for (int i = 0; i < rest.size(); i++) {
            bytes = join(bytes, IndexKeys.value(rest.get(i), descending.get(i)));
            if (ValueBytes.of(rest.get(i)).length > IndexKeys.MAX_VALUE_BYTES) {
                break;
            }
        }
        return bytes;
    }

    /** The document as it stands in entries, behind the values. */
    public static byte[] document(DocumentKey key) {
        return Arrays.copyOfRange(key.bytes(), IndexKeys.COLLECTION_BYTES, key.bytes().length);
    }

    /**
     * Whether the entry's values behind the beginning come after those of {@link #order}: not where they are the same.
     *
     * @param backwards whether the last come first
     */
    public static boolean isBeyond(byte[] entry, int beginning, byte[] order, boolean backwards) {
        int end = Math.min(entry.length, beginning + order.length);
        int compared = Arrays.compareUnsigned(entry, beginning, end, order, 0, order.length);
        return backwards ? compared < 0 : compared > 0;
    }
}
