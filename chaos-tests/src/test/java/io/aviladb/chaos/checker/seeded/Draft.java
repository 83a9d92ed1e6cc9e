package io.aviladb.chaos.checker.seeded;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Event;
import io.aviladb.chaos.history.History;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A history that can still be changed. Every operation has a process of its own; who needs sessions notes them. */
record Draft(List<Draft.Op> ops) {
    /** When an operation of unknown outcome ends. */
    static final int NEVER = Integer.MAX_VALUE;

    /**
     * An operation.
     *
     * @param asked value of the invocation
     * @param told value of the answer
     * @param begin when it was asked: no two of all beginnings and ends are equal
     * @param end when it was answered; {@link #NEVER} if the outcome is unknown
     */
    record Op(String f, Edn asked, Edn told, int begin, int end, boolean refused, Map<String, Edn> notes) {
        boolean ok() {
            return !refused && end != NEVER;
        }

        boolean isRead() {
            return f.equals("read");
        }

        Op told(Edn value) {
            return new Op(f, asked, value, begin, end, refused, notes);
        }

        Op at(int from, int to) {
            return new Op(f, asked, told, from, to, refused, notes);
        }

        Op refused(boolean now) {
            return new Op(f, asked, told, begin, end, now, notes);
        }

        Op noted(String name, Edn note) {
            Map<String, Edn> more = new LinkedHashMap<>(notes);
            more.put(name, note);
            return new Op(f, asked, told, begin, end, refused, more);
        }
    }

    private record Moment(int at, Event.Type type, int process) {}

    Draft {
        ops = List.copyOf(ops);
    }

    Draft with(int place, Op op) {
        List<Op> changed = new ArrayList<>(ops);
        changed.set(place, op);
        return new Draft(changed);
    }

    Draft without(int place) {
        List<Op> changed = new ArrayList<>(ops);
        changed.remove(place);
        return new Draft(changed);
    }

    /** A time at which nothing happens. */
    int quiet(int from) {
        int at = from;
        while (isTaken(at)) {
            at++;
        }
        return at;
    }

    private boolean isTaken(int at) {
        return ops.stream().anyMatch(op -> op.begin == at || op.end == at);
    }

    History history() {
        List<Moment> moments = new ArrayList<>();
        for (int n = 0; n < ops.size(); n++) {
            Op op = ops.get(n);
            moments.add(new Moment(op.begin, Event.Type.INVOKE, n));
            if (op.end != NEVER) {
                moments.add(new Moment(op.end, op.refused ? Event.Type.FAIL : Event.Type.OK, n));
            }
        }
        moments.sort(Comparator.comparingInt(Moment::at));
        List<Event> events = new ArrayList<>();
        for (Moment moment : moments) {
            Op op = ops.get(moment.process);
            boolean asks = moment.type == Event.Type.INVOKE;
            Map<String, Edn> notes = op.notes.containsKey("session") && asks
                    ? Map.of("session", op.notes.getOrDefault("session", Edn.NIL))
                    : asks ? Map.of() : op.notes;
            events.add(
                    new Event(events.size(), moment.type, Edn.of(moment.process), op.f, moment.type == Event.Type.OK ? op.told : op.asked,
                            1_000_000L * moment.at, notes));
        }
        return new History(events);
    }
}
