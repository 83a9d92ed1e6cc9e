package io.aviladb.cli.config;

import io.aviladb.node.consensus.ratis.Tuning;
import io.aviladb.node.server.NodeLimits;
import io.aviladb.storage.engine.EngineOptions;
import java.time.Duration;
import java.util.List;

/** What a node may use, and when it cleans up: {@code limits} in {@code node.yaml}. */
final class LimitSettings {
    static final List<String> KEYS = List.of("limits.min-free-bytes", "limits.feed-retention-seconds", "limits.block-cache-bytes",
            "limits.write-buffer-bytes", "limits.head-table-bytes", "limits.election-timeout-ms", "limits.snapshot-bytes",
            "limits.snapshot-seconds", "limits.log-segment-bytes", "limits.log-keep-entries");
    private static final long MOST_BYTES = 1L << 40;

    private LimitSettings() {
    }

    static NodeLimits read(Settings settings) {
        NodeLimits defaults = NodeLimits.DEFAULTS;
        EngineOptions engine = defaults.engine();
        Tuning raft = defaults.raft();
        long election = settings.number("limits.election-timeout-ms", raft.electionMin().toMillis(), 50, 60_000);
        long snapshotSeconds = settings.number("limits.snapshot-seconds", raft.snapshotInterval().toSeconds(), 1, 86_400);
        Tuning tuned = raft.withElections(Duration.ofMillis(election), Duration.ofMillis(election * 2))
                .withSnapshots(settings.number("limits.snapshot-bytes", raft.snapshotBytes(), 4_096, MOST_BYTES),
                        Duration.ofSeconds(snapshotSeconds))
                .withLog(settings.number("limits.log-segment-bytes", raft.segmentBytes(), 65_536, 1 << 30),
                        settings.number("limits.log-keep-entries", raft.keepEntries(), 0, 100_000_000), raft.purgeGap());
        long minFree = settings.number("limits.min-free-bytes", defaults.minFreeBytes(), 1 << 20, MOST_BYTES);
        return new NodeLimits(minFree,
                Duration.ofSeconds(settings.number("limits.feed-retention-seconds", defaults.feedRetention().toSeconds(), 1, 30 * 86_400L)),
                new EngineOptions(settings.number("limits.block-cache-bytes", engine.blockCacheBytes(), 1 << 20, MOST_BYTES),
                        settings.number("limits.write-buffer-bytes", engine.writeBufferBytes(), 1 << 20, MOST_BYTES),
                        engine.backgroundJobs(), settings.number("limits.head-table-bytes", engine.headTableBytes(), 0, MOST_BYTES)),
                tuned.withFreeSpaceFloor(minFree / 2), RangeSettings.read(settings));
    }
}
