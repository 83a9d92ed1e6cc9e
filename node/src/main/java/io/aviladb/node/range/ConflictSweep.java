package io.aviladb.node.range;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.crdt.conflict.ConflictRecord;
import io.aviladb.storage.Reads;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Goes round the records of conflicts, a bounded number at a time, and says which lie beyond the horizon; a round that is over rests for an
 * hour. Time is the log's, as in apply.
 */
final class ConflictSweep {
    /** How long a record is kept. */
    static final Duration KEPT = Duration.ofDays(7);
    /** One look, and one entry: a record holds two bodies. */
    static final int MAX_ROWS = 200;
    private static final long REST_MILLIS = 3_600_000;

    private @Nullable ConflictId after;
    private long restUntilMillis;

    /** What to propose. While its rows are there the same is said again: a proposal may fail. */
    Optional<GroupEntry> next(Reads view, HybridTimestamp applied) {
        if (applied.millis() < restUntilMillis) {
            return Optional.empty();
        }
        HybridTimestamp before = horizon(applied);
        int[] rows = {0};
        int[] expired = {0};
        ConflictId[] last = {null};
        view.scanConflicts(new KeyRange(new byte[0], new byte[0]), after, (id, row) -> {
            last[0] = id;
            expired[0] += ConflictRecord.recordedAtOf(row).compareTo(before) < 0 ? 1 : 0;
            return ++rows[0] < MAX_ROWS;
        });
        if (expired[0] > 0) {
            return Optional.of(new GroupEntry.SweepConflicts(after == null ? new byte[0] : after.encode(), rows[0], before));
        }
        if (rows[0] < MAX_ROWS) {
            after = null;
            restUntilMillis = applied.millis() + REST_MILLIS;
        } else {
            after = last[0];
        }
        return Optional.empty();
    }

    /** What was recorded before goes. */
    static HybridTimestamp horizon(HybridTimestamp now) {
        return HybridTimestamp.ofMillis(Math.max(0, now.millis() - KEPT.toMillis()));
    }
}
