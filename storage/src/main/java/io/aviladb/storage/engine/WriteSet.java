package io.aviladb.storage.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts and deletes that become visible together, and an overlay that reads them before that. The last write of a row counts. Keeps an undo
 * list, so that a part can be taken back. Not thread-safe.
 *
 * <p>A deleted interval is deleted as it was <em>before</em> this set: a row put here stays, whatever the order.
 */
public final class WriteSet {
    /** A place to go back to. */
    public record Savepoint(int position) {}

    /** What the set holds of a row. A value of null is a delete. */
    public record Change(byte @Nullable [] value) {}

    /** Rows of a family that are deleted: from start to before end. */
    record DeletedInterval(Family family, byte[] start, byte[] end) {}

    /** Takes back one step. */
    private record Undo(@Nullable Row row, @Nullable Change before) {}

    private final Map<Row, Change> changes = new LinkedHashMap<>();
    private final List<DeletedInterval> deleted = new ArrayList<>();
    private final List<Undo> undo = new ArrayList<>();
    private long bytes;

    public void put(Family family, byte[] key, byte[] value) {
        set(new Row(family, key), new Change(value));
    }

    public void delete(Family family, byte[] key) {
        set(new Row(family, key), new Change(null));
    }

    private void set(Row row, Change change) {
        undo.add(new Undo(row, changes.put(row, change)));
        bytes += row.key().length + (change.value() == null ? 0 : change.value().length);
    }

    /** Deletes what lies in the interval before this set. Both bounds are needed. */
    public void deleteInterval(Family family, byte[] start, byte[] end) {
        deleted.add(new DeletedInterval(family, start, end));
        undo.add(new Undo(null, null));
    }

    /** What this set says about the row, null where it says nothing. */
    public @Nullable Change change(Family family, byte[] key) {
        return changes.get(new Row(family, key));
    }

    /** The rows of one family that this set changes, in the order in which they came first. */
    public void forEach(Family family, BiConsumer<byte[], Change> action) {
        changes.forEach((row, change) -> {
            if (row.family() == family) {
                action.accept(row.key(), change);
            }
        });
    }

    public Savepoint savepoint() {
        return new Savepoint(undo.size());
    }

    /** Takes back everything since the savepoint. Savepoints taken after it are void. */
    public void rollback(Savepoint to) {
        if (to.position() > undo.size()) {
            throw new IllegalArgumentException("the savepoint is void: " + to.position() + " of " + undo.size());
        }
        while (undo.size() > to.position()) {
            Undo last = undo.removeLast();
            if (last.row() == null) {
                deleted.removeLast();
            } else if (last.before() == null) {
                changes.remove(last.row());
            } else {
                changes.put(last.row(), last.before());
            }
        }
    }

    public boolean isEmpty() {
        return changes.isEmpty() && deleted.isEmpty();
    }

    /** Bytes put so far, for sizing; what was rolled back or overwritten counts. */
    public long bytes() {
        return bytes;
    }

    Map<Row, Change> changes() {
        return changes;
    }

    List<DeletedInterval> deletedIntervals() {
        return deleted;
    }
}
