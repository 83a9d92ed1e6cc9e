package io.aviladb.core.document;

import java.util.ArrayList;
import java.util.List;

/**
 * Where in a document: a JSON Pointer (RFC 6901) of member names. The empty path is the whole document. Ordered by steps, so that what lies
 * below a path follows it directly.
 */
public record FieldPath(List<String> steps) implements Comparable<FieldPath> {
    public static final FieldPath ROOT = new FieldPath(List.of());

    public FieldPath {
        steps = List.copyOf(steps);
        if (steps.size() > JsonParser.MAX_NESTING) {
            throw new IllegalArgumentException("a path has at most " + JsonParser.MAX_NESTING + " steps");
        }
    }

    public static FieldPath of(String... steps) {
        return new FieldPath(List.of(steps));
    }

    /** @throws IllegalArgumentException where the text neither is empty nor begins with a slash, or has a bad escape */
    public static FieldPath parse(String pointer) {
        if (pointer.isEmpty()) {
            return ROOT;
        }
        if (pointer.charAt(0) != '/') {
            throw new IllegalArgumentException("a path begins with '/', as in /address/city, and '" + pointer + "' does not");
        }
        List<String> steps = new ArrayList<>();
        for (String step : pointer.substring(1).split("/", -1)) {
            if (step.matches("(?s).*~(?![01]).*")) {
                throw new IllegalArgumentException("'~' is written ~0 and '/' ~1 in a path: '" + pointer + "'");
            }
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return new FieldPath(steps);
    }

    public boolean isRoot() {
        return steps.isEmpty();
    }

    public int depth() {
        return steps.size();
    }

    public String last() {
        return steps.get(steps.size() - 1);
    }

    /** @throws IndexOutOfBoundsException for the root */
    public FieldPath parent() {
        return new FieldPath(steps.subList(0, steps.size() - 1));
    }

    public FieldPath child(String step) {
        List<String> longer = new ArrayList<>(steps);
        longer.add(step);
        return new FieldPath(longer);
    }

    /** Whether the other is this path or lies below it. */
    public boolean contains(FieldPath other) {
        return other.steps.size() >= steps.size() && other.steps.subList(0, steps.size()).equals(steps);
    }

    @Override
    public int compareTo(FieldPath other) {
        int common = Math.min(steps.size(), other.steps.size());
        for (int i = 0; i < common; i++) {
            int order = steps.get(i).compareTo(other.steps.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(steps.size(), other.steps.size());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        steps.forEach(step -> text.append('/').append(step.replace("~", "~0").replace("/", "~1")));
        return text.toString();
    }
}
