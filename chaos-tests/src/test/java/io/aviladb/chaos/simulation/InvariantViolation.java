package io.aviladb.chaos.simulation;

import java.util.List;

/** What must always hold didn't. */
final class InvariantViolation extends AssertionError {
    private static final long serialVersionUID = 1;

    private final String name;
    private transient List<String> last = List.of();

    InvariantViolation(String name, String what) {
        super(name + ": " + what);
        this.name = name;
    }

    /** Which invariant. */
    String name() {
        return name;
    }

    /** What happened before, the oldest first. */
    List<String> last() {
        return last;
    }

    void setLast(List<String> events) {
        last = List.copyOf(events);
    }
}
