package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.ConsensusPeers;
import io.aviladb.node.consensus.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.exceptions.ChecksumException;
import org.apache.ratis.protocol.exceptions.GroupMismatchException;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts, stops, heals and rebuilds one replica. One call at a time changes its life; snapshots come in between. */
final class ReplicaLife {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaLife.class);

    private final RatisGroup group;
    private final RaftServer server;
    private final Settings settings;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private volatile SnapshotStore store;
    private volatile @Nullable GroupMachine machine;
    private volatile RaftServer.@Nullable Division starting;
    private volatile long lastSnapshot = System.nanoTime();

    ReplicaLife(RatisGroup group, RaftServer server, Settings settings) throws IOException {
        this.group = group;
        this.server = server;
        this.settings = settings;
        this.store = new SnapshotStore(directory());
    }

    RatisGroup group() {
        return group;
    }

    /** For Ratis' registry: the machine of the next start. */
    GroupMachine newMachine() {
        GroupMachine fresh = new GroupMachine(group.state(), store, group);
        machine = fresh;
        return fresh;
    }

    void starting(RaftServer.Division division) {
        starting = division;
    }

    /** Starts the replica from what is on disk; one with a damaged log is rebuilt from its peers. */
    synchronized void start() throws IOException {
        try {
            add();
        } catch (IOException e) {
            if (!isDamage(e) || group.descriptor().members().size() < 2) {
                throw e;
            }
            setAside(e);
            add();
        }
    }

    private void add() throws IOException {
        starting = null;
        group.beginStart();
        try {
            var request = GroupManagementRequest.newAdd(client, server.getId(), calls.incrementAndGet(),
                    RatisNames.group(settings.clusterId(), group.descriptor()), false);
            IOException refused = server.groupManagement(request).getException();
            if (refused != null) {
                throw refused;
            }
            group.running(server.getDivision(group.id()));
        } catch (IOException | RuntimeException e) {
            abandon();
            throw e instanceof IOException io
                    ? io
                    : new IOException("the replica of group " + group.descriptor().number() + " didn't start", e);
        }
    }

    /** Ratis forgets a replica that failed to start, but the half-started one still holds its directory. */
    private void abandon() throws IOException {
        RaftServer.Division half = starting;
        if (half != null) {
            half.close();
        }
        release();
    }

    private static boolean isDamage(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof ChecksumException) {
                return true;
            }
        }
        return false;
    }

    /**
     * Moves log and state out of the way. Term and vote stay: a replica that forgot its vote could vote twice in a term.
     *
     * <p>HAZARD: the entries that this replica had acknowledged are gone until its leader has sent them again. Until then the group has one
     * copy less, and losing the leader too may lose what no other replica had.
     */
    private void setAside(IOException why) throws IOException {
        String suffix = ".damaged-" + System.currentTimeMillis();
        Path log = logDirectory();
        Path asideLog = log.resolveSibling(log.getFileName() + suffix);
        Path asideState = directory().resolveSibling(directory().getFileName() + suffix);
        Files.move(log, asideLog, StandardCopyOption.ATOMIC_MOVE);
        Files.move(directory(), asideState, StandardCopyOption.ATOMIC_MOVE);
        Path current = Files.createDirectories(log.resolve("current"));
        for (String kept : new String[]{"raft-meta", "raft-meta.conf"}) {
            if (Files.exists(asideLog.resolve("current").resolve(kept))) {
                Files.copy(asideLog.resolve("current").resolve(kept), current.resolve(kept));
            }
        }
        DiskFiles.flush(log);
        DiskFiles.flushOne(settings.raftDirectory());
        store = new SnapshotStore(directory());
        LOG.atError().setCause(why).addKeyValue("group", group.descriptor().number()).addKeyValue("log", asideLog)
                .addKeyValue("state", asideState)
                .log("The log is damaged: set aside, rebuilding from the other replicas");
    }

    /** Closes and starts again. */
    synchronized void restart() throws IOException {
        stop(RatisGroup.Health.LOG_FAILED);
        start();
        LOG.atWarn().addKeyValue("group", group.descriptor().number()).addKeyValue("applied", group.applied().index())
                .log("Replica restarted");
    }

    synchronized void stop(RatisGroup.Health why) throws IOException {
        group.stopped(why);
        try {
            server.groupManagement(
                    GroupManagementRequest.newRemove(client, server.getId(), calls.incrementAndGet(), group.id(), false, false));
        } catch (GroupMismatchException e) {
            LOG.atDebug().addKeyValue("group", group.descriptor().number()).log("Was not running");
        }
        abandon();
    }

    synchronized void delete() throws IOException {
        stop(RatisGroup.Health.CLOSED);
        DiskFiles.delete(logDirectory());
        DiskFiles.delete(directory());
    }

    void kill() {
        GroupMachine last = machine;
        if (last != null) {
            last.kill();
        }
        group.stopped(RatisGroup.Health.CLOSED);
    }

    /** Closes the state where the server's end didn't. */
    void release() {
        GroupMachine last = machine;
        if (last != null) {
            last.closeState();
        }
    }

    boolean isSnapshotDue() {
        long since = group.bytesSinceSnapshot();
        boolean old = System.nanoTime() - lastSnapshot > settings.tuning().snapshotInterval().toNanos();
        return since >= settings.tuning().snapshotBytes() || since > 0 && old;
    }

    /** Takes a snapshot and purges the log up to it. From one thread. */
    Optional<LogPosition> snapshot() throws IOException {
        GroupMachine now = machine;
        RaftServer.Division division = group.division();
        if (now == null || division == null) {
            throw Failures.unavailable("the replica is " + group.health());
        }
        lastSnapshot = System.nanoTime();
        group.snapshotTaken();
        SnapshotStore.Snapshot taken = now.checkpoint();
        if (taken == null) {
            return Optional.empty();
        }
        LOG.atInfo().addKeyValue("group", group.descriptor().number()).addKeyValue("index", taken.at().index()).log("Snapshot taken");
        division.getRaftLog().purge(now.purgeable());
        return Optional.of(taken.at());
    }

    Optional<Path> newestSnapshot() {
        return store.newest().map(SnapshotStore.Snapshot::directory);
    }

    /** Fetches the leader's newest snapshot and publishes it here; Ratis has the state adopt it afterwards. */
    LogPosition install(ConsensusPeers peers, NodeId leader, long index) throws IOException {
        Path directory = store.receiving();
        LogPosition at = peers.fetchSnapshot(leader, group.descriptor().number(), directory);
        if (at.index() < index) {
            throw new IOException("the snapshot of " + leader + " ends at " + at.index() + ", before " + index + " where its log begins");
        }
        store.publishReceived(directory, at);
        LOG.atInfo().addKeyValue("group", group.descriptor().number()).addKeyValue("from", leader).addKeyValue("index", at.index())
                .log("Snapshot received");
        return at;
    }

    private Path directory() {
        return settings.groupDirectory(group.descriptor().number());
    }

    private Path logDirectory() {
        return settings.raftDirectory().resolve(group.id().getUuid().toString());
    }
}
