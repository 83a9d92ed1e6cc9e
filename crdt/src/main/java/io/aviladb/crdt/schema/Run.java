package io.aviladb.crdt.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** One document's way through a schema: where it is, what was wrong, and how many steps are left. Not thread-safe. */
final class Run {
    /** A reader mends a few at a time; and an answer is kept with its operation. */
    static final int MAX_VIOLATIONS = 8;
    /** Schemas inside one another at one time; a document has at most 128 levels. */
    static final int MAX_DEPTH = 512;
    private static final int MAX_POINTER = 200;

    final boolean tracks;
    private final Deque<String> path = new ArrayDeque<>();
    private final List<SchemaViolation> violations = new ArrayList<>();
    private long stepsLeft;
    private int depth;
    private int probes;
    private boolean exhausted;

    /** @param tracks whether what has been evaluated is asked for */
    Run(boolean tracks, long steps) {
        this.tracks = tracks;
        this.stepsLeft = steps;
    }

    /** One more schema is applied. False where there is no more to be done. */
    boolean enter() {
        depth++;
        if (depth > MAX_DEPTH) {
            exhaust("$ref", "the schema refers to itself more than " + MAX_DEPTH + " times on the way to this value");
        }
        return spend(1);
    }

    void leave() {
        depth--;
    }

    /** Work that isn't a schema of its own. */
    boolean spend(long steps) {
        stepsLeft -= steps;
        if (stepsLeft < 0) {
            exhaust("$schema", "the schema takes more steps than a document of this size may take");
        }
        return !exhausted;
    }

    private void exhaust(String keyword, String message) {
        if (!exhausted) {
            exhausted = true;
            violations.clear();
            violations.add(new SchemaViolation(pointer(), keyword, message));
        }
    }

    boolean isExhausted() {
        return exhausted;
    }

    void down(String step) {
        path.addLast(step);
    }

    void up() {
        path.removeLast();
    }

    /** What follows is a question: its answer is no violation. */
    void beginProbe() {
        probes++;
    }

    void endProbe() {
        probes--;
    }

    /** Whether the first failure decides. */
    boolean isProbing() {
        return probes > 0;
    }

    /** @return false, always: so that a rule can end with it */
    boolean broken(String keyword, String message) {
        if (probes == 0 && !exhausted && violations.size() < MAX_VIOLATIONS) {
            violations.add(new SchemaViolation(pointer(), keyword, message));
        }
        return false;
    }

    private String pointer() {
        StringBuilder text = new StringBuilder();
        for (Iterator<String> steps = path.iterator(); steps.hasNext() && text.length() < MAX_POINTER;) {
            text.append('/').append(steps.next().replace("~", "~0").replace("/", "~1"));
        }
        return text.length() <= MAX_POINTER ? text.toString() : text.substring(0, MAX_POINTER) + "...";
    }

    List<SchemaViolation> violations() {
        return List.copyOf(violations);
    }
}
