package io.aviladb.chaos.checker.session;

import java.util.EnumSet;
import java.util.Set;

/** What a session is promised (Terry et al.). */
public enum Guarantee {
    /** A read sees the session's earlier writes, or newer versions. */
    READ_YOUR_WRITES,
    /** A read sees what an earlier read of the session saw, or newer versions. */
    MONOTONIC_READS,
    /** A session's writes are ordered as it made them, for everybody who sees them. */
    MONOTONIC_WRITES,
    /** A write comes after what its session had read, for everybody who sees it. */
    WRITES_FOLLOW_READS;

    /**
     * By its usual name, such as {@code monotonic-reads}; {@code causal} and {@code session} are all of them.
     *
     * @throws IllegalArgumentException if there is no such guarantee
     */
    public static Set<Guarantee> of(String name) {
        return switch (name) {
            case "causal", "session" -> EnumSet.allOf(Guarantee.class);
            case "read-your-writes" -> EnumSet.of(READ_YOUR_WRITES);
            case "monotonic-reads" -> EnumSet.of(MONOTONIC_READS);
            case "monotonic-writes" -> EnumSet.of(MONOTONIC_WRITES);
            case "writes-follow-reads" -> EnumSet.of(WRITES_FOLLOW_READS);
            default -> throw new IllegalArgumentException("no guarantee of a session: " + name);
        };
    }

    /** In words. */
    String label() {
        return switch (this) {
            case READ_YOUR_WRITES -> "a session does not read its own write";
            case MONOTONIC_READS -> "a session's reads go back";
            case MONOTONIC_WRITES -> "a session's writes are not in order";
            case WRITES_FOLLOW_READS -> "a write does not follow what its session had read";
        };
    }
}
