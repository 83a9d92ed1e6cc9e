package io.aviladb.storage.snapshot;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of a published snapshot's directory: {@code <term>_<index>}. Ordered by index, then term. */
public record SnapshotName(long term, long index) implements Comparable<SnapshotName> {
    private static final Pattern NAME = Pattern.compile("(\\d{1,18})_(\\d{1,18})");
    private static final Comparator<SnapshotName> ORDER = Comparator.comparingLong(SnapshotName::index)
            .thenComparingLong(SnapshotName::term);

    public SnapshotName {
        if (term < 0 || index < 0) {
            throw new IllegalArgumentException("terms and indexes aren't negative: " + term + ", " + index);
        }
    }

    /** Empty where it is no such name. */
    public static Optional<SnapshotName> parse(String text) {
        Matcher matcher = NAME.matcher(text);
        return matcher.matches()
                ? Optional.of(new SnapshotName(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(SnapshotName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return term + "_" + index;
    }
}
