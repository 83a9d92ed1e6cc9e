package io.aviladb.node.range;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.storage.Batch;
import io.aviladb.storage.Reads;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Up to where states of the past may be gone: a cut below is refused, one at or above it is whole. Raised by the entries of the log that take
 * something away, so that all replicas refuse alike. Durable, with the rows that it is about.
 */
final class Horizon {
    private static final byte[] NAME = "horizon".getBytes(StandardCharsets.US_ASCII);

    private Horizon() {
    }

    static void raise(HybridTimestamp to, Batch batch) {
        if (to.isAfter(decode(batch.meta(NAME)))) {
            batch.putMeta(NAME, new ByteWriter(8).writeLong(to.bits()).toByteArray());
        }
    }

    static HybridTimestamp of(Reads store) {
        return decode(store.meta(NAME));
    }

    private static HybridTimestamp decode(byte @Nullable [] row) {
        return row == null ? HybridTimestamp.ZERO : new HybridTimestamp(new ByteReader(row).readLong());
    }
}
