package io.aviladb.storage.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts and deletes that become visible together, and an overlay that reads them before that. The last write of a row counts. A part can be taken
 * back. Not thread-safe.
 *
 * <p>A deleted interval is deleted as it was <em>before</em> this set: a row put here stays, whatever the order.
 *
 * <p>Most sets are large, and few of their rows are asked for before they are written: changes lie in the order in which they came, as the engine
 * takes them, and a hash index of chains leads to the newest of each row.
 */
public final class WriteSet {
    private static final int FIRST_BUCKETS = 64; // a power of two

    /** A place to go back to. */
    public record Savepoint(int changes, int intervals) {}

    /** What the set holds of a row. The arrays are shared and must not be changed. */
    public static final class Change {
        private final Family family;
        private final byte[] key;
        private final int hash;
        private final byte @Nullable [] value;
        /** The next of the bucket, which came earlier. */
        private @Nullable Change earlier;

        private Change(Family family, byte[] key, int hash, byte @Nullable [] value) {
            this.family = family;
            this.key = key;
            this.hash = hash;
            this.value = value;
        }

        Family family() {
            return family;
        }

        byte[] key() {
            return key;
        }

        /** Null for a delete. */
        public byte @Nullable [] value() {
            return value;
        }
    }

    /** Rows of a family that are deleted: from start to before end. */
    record DeletedInterval(Family family, byte[] start, byte[] end) {}

    private final List<Change> changes = new ArrayList<>();
    private final List<DeletedInterval> deleted = new ArrayList<>();
    // Invariant: a bucket's chain goes from its newest change to its oldest, so that what is taken back is always at its beginning.
    private @Nullable Change[] buckets = new Change[FIRST_BUCKETS];
    private long bytes;

    public void put(Family family, byte[] key, byte[] value) {
        add(new Change(family, key, hash(family, key), value));
    }

    public void delete(Family family, byte[] key) {
        add(new Change(family, key, hash(family, key), null));
    }

    private void add(Change change) {
        if (changes.size() >= buckets.length) {
            buckets = new Change[buckets.length * 4];
            changes.forEach(this::index);
        }
        changes.add(change);
        index(change);
        bytes += change.key.length + (change.value == null ? 0 : change.value.length);
    }

    private void index(Change change) {
        int bucket = bucket(change.hash);
        change.earlier = buckets[bucket];
        buckets[bucket] = change;
    }

    private int bucket(int hash) {
        return (hash ^ hash >>> 16) & buckets.length - 1;
    }

    private static int hash(Family family, byte[] key) {
        return 31 * family.ordinal() + Arrays.hashCode(key);
    }

    /** Deletes what lies in the interval before this set. Both bounds are needed. */
    public void deleteInterval(Family family, byte[] start, byte[] end) {
        deleted.add(new DeletedInterval(family, start, end));
    }

    /** What this set says about the row, null where it says nothing. */
    public @Nullable Change change(Family family, byte[] key) {
        if (changes.isEmpty()) {
            return null;
        }
        return find(family, key, hash(family, key));
    }

    private @Nullable Change find(Family family, byte[] key, int hash) {
        Change change = buckets[bucket(hash)];
        while (change != null && !(change.hash == hash && change.family == family && Arrays.equals(change.key, key))) {
            change = change.earlier;
        }
        return change;
    }

    /** The rows of one family that this set changes, each once, in the order of their last changes. */
    public void forEach(Family family, BiConsumer<byte[], Change> action) {
        for (Change change : changes) {
            if (change.family == family && isNewest(change)) {
                action.accept(change.key, change);
            }
        }
    }

    private boolean isNewest(Change change) {
        return find(change.family, change.key, change.hash) == change;
    }

    public Savepoint savepoint() {
        return new Savepoint(changes.size(), deleted.size());
    }

    /** Takes back everything since the savepoint. Savepoints taken after it are void. */
    public void rollback(Savepoint to) {
        if (to.changes > changes.size() || to.intervals > deleted.size()) {
            throw new IllegalArgumentException("the savepoint is void: " + to.changes + " of " + changes.size());
        }
        while (changes.size() > to.changes) {
            Change last = changes.removeLast();
            buckets[bucket(last.hash)] = last.earlier;
        }
        while (deleted.size() > to.intervals) {
            deleted.removeLast();
        }
    }

    public boolean isEmpty() {
        return changes.isEmpty() && deleted.isEmpty();
    }

    /** Bytes put so far, for sizing; what was rolled back or overwritten counts. */
    public long bytes() {
        return bytes;
    }

    /** In the order in which they are to be made: a later one of a row takes the place of an earlier one. */
    List<Change> changes() {
        return changes;
    }

    List<DeletedInterval> deletedIntervals() {
        return deleted;
    }
}
