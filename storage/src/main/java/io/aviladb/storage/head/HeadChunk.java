package io.aviladb.storage.head;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Rows read ahead, so that a build takes the table's lock once for many. */
final class HeadChunk {
    private final int limit;
    private final List<byte[]> keys;
    private final List<byte[]> rows;

    HeadChunk(int limit) {
        this.limit = limit;
        keys = new ArrayList<>(limit);
        rows = new ArrayList<>(limit);
    }

    void add(byte[] key, byte[] row) {
        keys.add(key);
        rows.add(row);
    }

    boolean isFull() {
        return keys.size() >= limit;
    }

    void drain(BiConsumer<byte[], byte[]> action) {
        for (int i = 0; i < keys.size(); i++) {
            action.accept(keys.get(i), rows.get(i));
        }
        keys.clear();
        rows.clear();
    }
}
