package io.aviladb.node.range;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.storage.Batch;
import java.util.Collection;

/**
 * Tells when an idempotency key is used again for another document. Answers lie with their documents, where such a request finds none; so
 * each key also leaves its row at one place of its collection, before the first document.
 *
 * <p>It is seen where the group that owns the document owns that place too. Elsewhere the second request is a new operation.
 */
final class UsedKeys {
    /** Operations of clients that count have their own numbers, and make no second use of one. */
    private static final long OF_A_KEY = 0;

    private UsedKeys() {
    }

    private static DocumentKey placeOf(WriteUnit unit) {
        int collection = unit.writes().getFirst().key().collection();
        return new DocumentKey(new ByteWriter(5).writeInt(collection).writeByte(0).toByteArray());
    }

    static boolean isUsedOtherwise(WriteUnit unit, OperationId operation, Batch batch) {
        if (operation.sequence() != OF_A_KEY) {
            return false;
        }
        byte[] row = batch.dedup(placeOf(unit), operation.rowKey());
        return row != null && !OperationRecord.decode(row).isOf(operation);
    }

    /** @param row the operation's, so that it goes when the answers go */
    static void add(WriteUnit unit, OperationId operation, byte[] row, Collection<OwnedRange> ranges, Batch batch) {
        DocumentKey place = placeOf(unit);
        if (operation.sequence() == OF_A_KEY && ranges.stream().anyMatch(range -> range.keys().contains(place))) {
            batch.putDedup(place, operation.rowKey(), row);
        }
    }
}
