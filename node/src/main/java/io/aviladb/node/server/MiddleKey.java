package io.aviladb.node.server;

import io.aviladb.core.range.KeyRange;
import io.aviladb.storage.Reads;

/** Finds the document at which an interval's bytes are halved. Reads every head once, twice in the first half. */
final class MiddleKey {
    /** What a document takes besides its body, about. */
    private static final int OVERHEAD_BYTES = 64;

    private MiddleKey() {
    }

    /** Empty where no bound inside the interval has documents on both sides. */
    static byte[] of(Reads view, KeyRange keys) {
        long[] total = {0};
        view.scanHeads(keys, null, (key, head) -> {
            total[0] += OVERHEAD_BYTES + key.bytes().length + head.length();
            return true;
        });
        long[] before = {0};
        byte[][] found = {new byte[0]};
        view.scanHeads(keys, null, (key, head) -> {
            if (before[0] * 2 >= total[0] && keys.isInside(key.bytes())) {
                found[0] = key.bytes();
                return false;
            }
            before[0] += OVERHEAD_BYTES + key.bytes().length + head.length();
            return true;
        });
        return found[0];
    }
}
