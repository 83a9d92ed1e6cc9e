package io.aviladb.node.consensus.ratis;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** {@link Tuning} in Ratis' words, and the settings that no operator may change. */
final class RatisProperties {
    private static final long MIB = 1 << 20;

    /** What must hold of the finished settings, and the harm otherwise. */
    private static final Map<String, Rule> RULES = Map.of(
            RaftServerConfigKeys.Log.ASYNC_FLUSH_ENABLED_KEY, new Rule("false", "it calls durable what was written after the flush began"),
            RaftServerConfigKeys.Log.UNSAFE_FLUSH_ENABLED_KEY, new Rule("false", "it acknowledges what is not on disk"),
            RaftServerConfigKeys.Log.CORRUPTION_POLICY_KEY, new Rule("EXCEPTION", "it drops acknowledged entries of a damaged log"),
            RaftServerConfigKeys.Log.USE_MEMORY_KEY, new Rule("false", "a log in memory forgets at a crash"),
            RaftServerConfigKeys.Log.Appender.INSTALL_SNAPSHOT_ENABLED_KEY, new Rule("false", "its files are not flushed to disk"),
            RaftServerConfigKeys.Log.LOG_METADATA_ENABLED_KEY, new Rule("false", "it doubles the entries"),
            RaftServerConfigKeys.Snapshot.AUTO_TRIGGER_ENABLED_KEY, new Rule("false", "snapshots are triggered by size and time"));

    private record Rule(String value, String harm) {}

    private RatisProperties() {
    }

    /** @throws IllegalArgumentException where an override is unsafe; the message names it */
    static RaftProperties of(Settings settings, Path storage) {
        Tuning t = settings.tuning();
        RaftProperties p = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(p, List.of(storage.toFile()));
        RaftServerConfigKeys.setStorageFreeSpaceMin(p, SizeInBytes.valueOf(t.freeSpaceFloor()));
        // Ratis would close the whole server after a pause of the JVM; leaders step down anyway, and that is enough.
        RaftServerConfigKeys.setCloseThreshold(p, TimeDuration.valueOf(365, TimeUnit.DAYS));
        GrpcConfigKeys.Server.setHost(p, settings.bindHost());
        GrpcConfigKeys.Server.setPort(p, settings.port());
        p.set(RaftConfigKeys.Rpc.TYPE_KEY, PatientRpc.class.getName());
        elections(p, t);
        log(p, t);
        t.overrides().forEach(p::set);
        check(p);
        return p;
    }

    static void moveStorage(RaftProperties p, Path storage) {
        RaftServerConfigKeys.setStorageDir(p, List.<File>of(storage.toFile()));
    }

    private static void elections(RaftProperties p, Tuning t) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(p, time(t.electionMin()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(p, time(t.electionMax()));
        // Not shorter than the others: two restarted replicas could elect while the old leader still counts on them.
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, time(t.electionMin()));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, time(t.electionMax()));
        RaftServerConfigKeys.Rpc.setRequestTimeout(p, time(t.requestTimeout()));
        // Proposals carry their own identity in the state; Ratis' retry cache would only hold memory.
        RaftServerConfigKeys.RetryCache.setExpiryTime(p, TimeDuration.valueOf(1, TimeUnit.SECONDS));
    }

    private static void log(RaftProperties p, Tuning t) {
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf(t.maxEntryBytes()));
        RaftServerConfigKeys.Log.setWriteBufferSize(p, SizeInBytes.valueOf(t.maxEntryBytes() + MIB));
        RaftServerConfigKeys.Log.setSegmentSizeMax(p, SizeInBytes.valueOf(t.segmentBytes()));
        RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf(Math.min(4 * MIB, t.segmentBytes())));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 2);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(p, SizeInBytes.valueOf(t.cacheBytes()));
        RaftServerConfigKeys.Log.setLogMetadataEnabled(p, false);
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(p, false);
        p.set("raft.server.log.appender.retry.policy", "10ms,10, 200ms,100000");
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(p, t.keepEntries());
        RaftServerConfigKeys.Log.setPurgeGap(p, t.purgeGap());
        RaftServerConfigKeys.Write.setByteLimit(p, SizeInBytes.valueOf(t.pendingBytes()));
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, false);
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(p, false);
        RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(p, false);
        GrpcConfigKeys.setMessageSizeMax(p, SizeInBytes.valueOf(64 * MIB));
    }

    private static void check(RaftProperties p) {
        RULES.forEach((key, rule) -> {
            String value = p.get(key);
            if (value != null && !value.trim().equalsIgnoreCase(rule.value())) {
                throw new IllegalArgumentException("the setting " + key + "=" + value + " is refused: " + rule.harm());
            }
        });
        if (RaftServerConfigKeys.Rpc.firstElectionTimeoutMin(p).compareTo(RaftServerConfigKeys.Rpc.timeoutMin(p)) < 0) {
            throw new IllegalArgumentException("the setting " + RaftServerConfigKeys.Rpc.FIRST_ELECTION_TIMEOUT_MIN_KEY
                    + " is refused below " + RaftServerConfigKeys.Rpc.TIMEOUT_MIN_KEY + ": restarted replicas could elect too early");
        }
    }

    private static TimeDuration time(Duration d) {
        return TimeDuration.valueOf(d.toMillis(), TimeUnit.MILLISECONDS);
    }
}
