package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Wing and Gong's search over one key with Lowe's linked list of events and memo of (operations placed, state). Deviation: an operation whose
 * outcome is unknown has no end in the list, and the search succeeds once every operation with a known outcome is placed, so that an unknown one
 * takes effect at any time or never.
 */
final class Search<S> {
    /** How a search ended. */
    enum Outcome {
        /** An order was found. */
        FOUND,
        /** There is none. */
        NONE,
        /** The budget was used up. */
        BUDGET
    }

    private static final class Entry {
        final int id;
        final @Nullable Operation call; // null: the end of the operation
        @Nullable
        Entry end;
        @Nullable
        Entry previous;
        @Nullable
        Entry next;

        Entry(int id, @Nullable Operation call) {
            this.id = id;
            this.call = call;
        }
    }

    private record Placed<S>(Entry call, S before) {}

    private record Memo<S>(BitSet placed, S state) {}

    private record Moment(long at, Entry entry) {}

    private final Model<S> model;
    private final Entry head = new Entry(-1, null);
    private final BitSet placed = new BitSet();
    private final Set<Memo<S>> seen = new HashSet<>();
    private final Deque<Placed<S>> stack = new ArrayDeque<>();
    private S state;
    private int open; // known operations not yet placed

    private Search(Model<S> model, List<Operation> operations) {
        this.model = model;
        this.state = model.initial();
        List<Moment> moments = new ArrayList<>();
        for (int id = 0; id < operations.size(); id++) {
            Operation operation = operations.get(id);
            Entry call = new Entry(id, operation);
            moments.add(new Moment(operation.began(), call));
            if (operation.ended() != Operation.NEVER) {
                Entry end = new Entry(id, null);
                call.end = end;
                moments.add(new Moment(operation.ended(), end));
                open++;
            }
        }
        // A read that was moved back may begin where another operation ends, and begins after it then.
        moments.sort(Comparator.comparingLong(Moment::at).thenComparing(moment -> moment.entry.call != null));
        Entry last = head;
        for (Moment moment : moments) {
            last.next = moment.entry;
            moment.entry.previous = last;
            last = moment.entry;
        }
    }

    /** @param budget steps of the model */
    static <S> Outcome run(Model<S> model, List<Operation> operations, int budget) {
        return new Search<>(model, operations).search(budget);
    }

    private Outcome search(int budget) {
        int steps = 0;
        Entry entry = head.next;
        while (open > 0) {
            if (entry == null || entry.call == null) { // something ends that was not placed: undo
                if (stack.isEmpty()) {
                    return Outcome.NONE;
                }
                entry = undo();
            } else if (steps++ == budget) {
                return Outcome.BUDGET;
            } else {
                entry = place(entry, entry.call) ? head.next : entry.next;
            }
        }
        return Outcome.FOUND;
    }

    private boolean place(Entry entry, Operation operation) {
        Edn value = operation.value().items().getLast();
        Optional<S> stepped = model.step(state, operation, value);
        if (stepped.isEmpty()) {
            return false;
        }
        S next = stepped.get();
        placed.set(entry.id);
        if (!seen.add(new Memo<>((BitSet) placed.clone(), next))) {
            placed.clear(entry.id);
            return false;
        }
        stack.push(new Placed<>(entry, state));
        state = next;
        unlink(entry);
        if (entry.end != null) {
            unlink(entry.end);
            open--;
        }
        return true;
    }

    private @Nullable Entry undo() {
        Placed<S> last = stack.pop();
        Entry entry = last.call;
        state = last.before;
        placed.clear(entry.id);
        if (entry.end != null) {
            link(entry.end);
            open++;
        }
        link(entry);
        return entry.next;
    }

    private static void unlink(Entry entry) {
        if (entry.previous != null) {
            entry.previous.next = entry.next;
        }
        if (entry.next != null) {
            entry.next.previous = entry.previous;
        }
    }

    /** Puts an entry back where it was; the reverse order of unlinking. */
    private static void link(Entry entry) {
        if (entry.previous != null) {
            entry.previous.next = entry;
        }
        if (entry.next != null) {
            entry.next.previous = entry;
        }
    }
}
