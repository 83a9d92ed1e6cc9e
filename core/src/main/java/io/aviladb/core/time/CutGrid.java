package io.aviladb.core.time;

/**
 * The grid of cuts: every 100 ms of hybrid time there is one at which every region can tell the state of all of them. A cut is the last stamp of
 * its cell: the state at a cut is what was written at or below it.
 */
public final class CutGrid {
    public static final long MILLIS = 100;

    private CutGrid() {
    }

    /** The cell of a stamp, counted from 1970. */
    public static long cell(HybridTimestamp stamp) {
        return stamp.millis() / MILLIS;
    }

    /** The first cut that includes the stamp. */
    public static HybridTimestamp including(HybridTimestamp stamp) {
        return new HybridTimestamp(HybridTimestamp.ofMillis((cell(stamp) + 1) * MILLIS).bits() - 1);
    }

    /** The last cut that lies at or below the stamp; zero where there is none. */
    public static HybridTimestamp upTo(HybridTimestamp stamp) {
        HybridTimestamp next = including(stamp);
        long before = HybridTimestamp.ofMillis(cell(stamp) * MILLIS).bits();
        return next.equals(stamp) ? stamp : new HybridTimestamp(Math.max(0, before - 1));
    }
}
