package io.aviladb.node.consensus.ratis;

import java.time.Duration;
import java.util.Map;

/**
 * How the Raft server behaves. {@link #DEFAULTS} suits nodes of a region; sizes are bytes.
 *
 * @param electionMin how long a follower hears nothing before it stands for election, at least. Too small: elections on a busy machine; too
 *     large: slow failover
 * @param electionMax the same, at most; more than the minimum, so that two rarely stand at once
 * @param requestTimeout of one Raft message. Too small: resends under load; too large: a silent peer is noticed late
 * @param confirmTimeout of one round that confirms the leader's term for reads
 * @param maxEntryBytes the largest entry; a larger one is refused before it is proposed
 * @param segmentBytes of a log file; the log is purged by whole files
 * @param cacheBytes of a group's log kept on the heap
 * @param pendingBytes proposals of a group that wait at once; more are refused as overload
 * @param snapshotBytes applied since the last snapshot that make the next due. Too small: checkpoints all the time; too large: a long log
 * @param snapshotInterval after which a snapshot is due where anything was applied
 * @param keepEntries of the log that outlive a snapshot, so that short outages catch up from the log
 * @param purgeGap fewer entries than this aren't worth a purge
 * @param freeSpaceFloor below which a node doesn't start, and a replica with a failed log isn't started again
 * @param leaderHandoverPause between two attempts to hand leadership to the preferred node, so that a flapping node can't drag it along
 * @param overrides of single {@code raft.*} settings; unsafe ones are refused at start
 */
public record Tuning(Duration electionMin, Duration electionMax, Duration requestTimeout, Duration confirmTimeout, int maxEntryBytes,
        long segmentBytes, long cacheBytes, long pendingBytes, long snapshotBytes, Duration snapshotInterval, long keepEntries,
        int purgeGap,
        long freeSpaceFloor, Duration leaderHandoverPause, Map<String, String> overrides) {
    private static final int MIB = 1 << 20;

    public static final Tuning DEFAULTS = new Tuning(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            8 * MIB, 32L * MIB, 32L * MIB, 64L * MIB, 256L * MIB, Duration.ofMinutes(10), 1_000, 1_024, 256L * MIB, Duration.ofMinutes(10),
            Map.of());

    public Tuning {
        if (electionMin.toMillis() < 1 || electionMin.compareTo(electionMax) >= 0) {
            throw new IllegalArgumentException("election time-outs: 0 < " + electionMin + " < " + electionMax + " doesn't hold");
        }
        if (maxEntryBytes < 1_024 || maxEntryBytes > 63 * MIB) {
            throw new IllegalArgumentException("the largest entry is 1 KiB to 63 MiB, not " + maxEntryBytes);
        }
        if (segmentBytes < 1_024 || cacheBytes < segmentBytes || pendingBytes < maxEntryBytes || snapshotBytes < 1) {
            throw new IllegalArgumentException("sizes of segments, cache, pending proposals or snapshots are too small");
        }
        if (keepEntries < 0 || purgeGap < 1 || freeSpaceFloor < 0) {
            throw new IllegalArgumentException("kept entries, purge gap and free space aren't negative");
        }
        overrides = Map.copyOf(overrides);
    }

    /** The same with other election time-outs. */
    public Tuning withElections(Duration min, Duration max) {
        return new Tuning(min, max, requestTimeout, confirmTimeout, maxEntryBytes, segmentBytes, cacheBytes, pendingBytes, snapshotBytes,
                snapshotInterval, keepEntries, purgeGap, freeSpaceFloor, leaderHandoverPause, overrides);
    }

    /** The same with another size of the log and its files. */
    public Tuning withLog(long segment, long keep, int gap) {
        return new Tuning(electionMin, electionMax, requestTimeout, confirmTimeout, maxEntryBytes, segment, Math.max(cacheBytes, segment),
                pendingBytes, snapshotBytes, snapshotInterval, keep, gap, freeSpaceFloor, leaderHandoverPause, overrides);
    }

    /** The same with other triggers of snapshots. */
    public Tuning withSnapshots(long bytes, Duration interval) {
        return new Tuning(electionMin, electionMax, requestTimeout, confirmTimeout, maxEntryBytes, segmentBytes, cacheBytes, pendingBytes,
                bytes,
                interval, keepEntries, purgeGap, freeSpaceFloor, leaderHandoverPause, overrides);
    }

    /** The same with another largest entry, which sizes a direct buffer of each group. */
    public Tuning withMaxEntryBytes(int bytes) {
        return new Tuning(electionMin, electionMax, requestTimeout, confirmTimeout, bytes, segmentBytes, cacheBytes, pendingBytes,
                snapshotBytes,
                snapshotInterval, keepEntries, purgeGap, freeSpaceFloor, leaderHandoverPause, overrides);
    }

    /** The same with another floor of free space. */
    public Tuning withFreeSpaceFloor(long bytes) {
        return new Tuning(electionMin, electionMax, requestTimeout, confirmTimeout, maxEntryBytes, segmentBytes, cacheBytes, pendingBytes,
                snapshotBytes, snapshotInterval, keepEntries, purgeGap, bytes, leaderHandoverPause, overrides);
    }

    /** The same with settings of Ratis' own. */
    public Tuning withOverrides(Map<String, String> settings) {
        return new Tuning(electionMin, electionMax, requestTimeout, confirmTimeout, maxEntryBytes, segmentBytes, cacheBytes, pendingBytes,
                snapshotBytes, snapshotInterval, keepEntries, purgeGap, freeSpaceFloor, leaderHandoverPause, settings);
    }
}
