package io.aviladb.node.consensus;

/** A place in a group's log. (0, 0) stands before the first entry. */
public record LogPosition(long term, long index) {
    public static final LogPosition START = new LogPosition(0, 0);

    public LogPosition {
        if (term < 0 || index < 0) {
            throw new IllegalArgumentException("terms and indexes aren't negative: " + term + ", " + index);
        }
    }
}
