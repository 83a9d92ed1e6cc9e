package io.aviladb.chaos.checker.session;

/**
 * Where a version of a key lies in the key's order, as far as it is known.
 *
 * @param low the lowest rank that it can have
 * @param high the highest
 */
record Age(long low, long high) {
    /** Nothing is known. */
    static final Age UNKNOWN = new Age(Long.MIN_VALUE, Long.MAX_VALUE);
    /** Before all versions. */
    static final Age INITIAL = new Age(-1, -1);

    static Age exactly(long rank) {
        return new Age(rank, rank);
    }

    boolean isOlderThan(Age other) {
        return high < other.low;
    }
}
