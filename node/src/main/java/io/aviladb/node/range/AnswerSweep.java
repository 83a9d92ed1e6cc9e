package io.aviladb.node.range;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.storage.Reads;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Goes round the answers of operations, a bounded number of rows at a time, and says which are past their time. A round that is over
 * rests until the oldest answer that it met has its time behind it: nothing is looked at, or written to the log, for nothing.
 *
 * <p>Time is the log's, as in apply: a leader whose clock is ahead proposes nothing that apply would refuse.
 */
final class AnswerSweep {
    /** One look, and one entry: apply deletes about a million rows a second. */
    static final int MAX_ROWS = 5_000;
    private static final long SHORTEST_REST_MILLIS = 60_000;
    /** Answers that a link brings may be older than any that the round met. */
    private static final long LONGEST_REST_MILLIS = 3_600_000;

    private byte[] from = new byte[0];
    private long restUntilMillis;
    private long oldestMillis = Long.MAX_VALUE; // of the round, among those that stay

    /** What one look at the rows found; positions are bytes of key and operation. */
    private static final class Look {
        final HybridTimestamp before;
        int rows;
        long oldestMillis = Long.MAX_VALUE;
        byte @Nullable [] firstExpired;
        int beforeFirst;
        int throughLast; // rows up to the last expired one, this included
        byte[] last = new byte[0];

        Look(HybridTimestamp before) {
            this.before = before;
        }

        boolean visit(DocumentKey key, byte[] rowKey, byte[] row) {
            HybridTimestamp sent = OperationRecord.firstSentOf(row);
            boolean expired = sent.compareTo(before) < 0;
            boolean full = rows + 1 >= MAX_ROWS;
            if (expired || full) {
                byte[] position = new ByteWriter(key.bytes().length + rowKey.length).writeRaw(key.bytes()).writeRaw(rowKey).toByteArray();
                last = position;
                if (expired && firstExpired == null) {
                    firstExpired = position;
                    beforeFirst = rows;
                }
            }
            rows++;
            if (expired) {
                throughLast = rows;
            } else {
                oldestMillis = Math.min(oldestMillis, sent.millis());
            }
            return !full;
        }
    }

    /** What to propose. While its rows are there the same is said again: a proposal may fail. */
    Optional<GroupEntry> next(Reads view, HybridTimestamp applied) {
        long now = applied.millis();
        if (now < restUntilMillis) {
            return Optional.empty();
        }
        Look look = new Look(HybridTimestamp.ofMillis(Math.max(0, now - UnitApplier.ANSWERS_KEPT.toMillis())));
        view.scanDedup(new KeyRange(from, new byte[0]), look::visit);
        if (look.firstExpired != null) {
            from = look.firstExpired;
            return Optional.of(new GroupEntry.SweepAnswers(from, look.throughLast - look.beforeFirst, look.before));
        }
        oldestMillis = Math.min(oldestMillis, look.oldestMillis);
        if (look.rows < MAX_ROWS) {
            rest(now);
        } else {
            from = look.last; // met once more: a position is where a look begins
        }
        return Optional.empty();
    }

    private void rest(long now) {
        long due = oldestMillis == Long.MAX_VALUE ? Long.MAX_VALUE : oldestMillis + UnitApplier.ANSWERS_KEPT.toMillis() + 1;
        restUntilMillis = Math.max(now + SHORTEST_REST_MILLIS, Math.min(due, now + LONGEST_REST_MILLIS));
        oldestMillis = Long.MAX_VALUE;
        from = new byte[0];
    }
}
