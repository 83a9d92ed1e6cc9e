package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.ConsensusPeers;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.LogPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.exceptions.GroupMismatchException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.impl.ElectionPause;
import org.apache.ratis.server.raftlog.RaftLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts, stops, heals and rebuilds one replica. One call at a time changes its life; snapshots come in between. */
final class ReplicaLife {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaLife.class);

    private static final int MOST_REPAIRS = 3;
    private static final int MOST_RACES = 10;
    private static final long ASK_SECONDS = 2;

    private final RatisGroup group;
    private final RaftServer server;
    private final Settings settings;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final ConsensusPeers peers;
    private final ReplicaFiles files;
    private volatile @Nullable Probation probation; // Durable, as a file: absent where it votes.
    private volatile LogPosition openedAt = LogPosition.START; // where the state was when it was last opened
    private volatile SnapshotStore store;
    private volatile @Nullable GroupMachine machine;
    private volatile RaftServer.@Nullable Division starting;
    private volatile long lastSnapshot = System.nanoTime();

    ReplicaLife(RatisGroup group, RaftServer server, Settings settings, ConsensusPeers peers) throws IOException {
        this.group = group;
        this.server = server;
        this.settings = settings;
        this.peers = peers;
        this.files = new ReplicaFiles(settings.raftDirectory().resolve(group.id().getUuid().toString()),
                settings.groupDirectory(group.descriptor().number()));
        this.probation = files.isRebuilding() ? new Probation(group, peers, settings.self()) : null;
        this.store = new SnapshotStore(files.state());
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

    /** Before it runs. */
    void starting(RaftServer.Division division) {
        starting = division;
        if (isRebuilding()) {
            ElectionPause.pause(division);
        }
    }

    /** Before the log is read. */
    void opened(LogPosition at) {
        openedAt = at;
    }

    /**
     * Starts the replica from what is on disk. Damage to the state alone is repaired from the newest good snapshot and the log; else all is set
     * aside and the replica rebuilt from its group, without a vote until it has caught up. One that can't know yet how it voted doesn't start:
     * it {@link RatisGroup.Health#DAMAGED waits}, and this is called again.
     *
     * @throws DamagedReplicaException where the group has no other replica
     */
    synchronized void start() throws IOException {
        for (int attempt = 1;; attempt++) {
            try {
                if (!files.knowsItsVote() && files.wasOpened() && !restoreVote()) {
                    return;
                }
                add();
                requireJoined();
                return;
            } catch (IOException e) {
                repair(e, attempt);
            }
        }
    }

    private void repair(IOException e, int attempt) throws IOException {
        if (StartRace.isOne(e) && attempt <= MOST_RACES) {
            LOG.atInfo().addKeyValue("group", group.descriptor().number())
                    .log("The replica was spoken to while it started: it starts again");
            return;
        }
        boolean damage = Damage.isOfLog(e) || Damage.isOfState(e);
        if (!damage || attempt > MOST_REPAIRS) {
            throw e;
        }
        stopRunning(RatisGroup.Health.DAMAGED);
        requirePeers(e);
        setAside(e);
    }

    /** The log must begin where the state ends, or before, and hold what the state was made of. */
    private void requireJoined() throws IOException {
        RaftServer.Division division = group.division();
        if (division == null) {
            return;
        }
        // Without this replica it is whole: one that is yet to be taken in, or was taken out.
        if (division.getRaftConf().getCurrentPeers().isEmpty()) {
            throw new Damage.LogException(files.log().resolve("current").resolve("raft-meta.conf") + " is damaged: it names no members");
        }
        RaftLog log = division.getRaftLog();
        long first = log.getStartIndex();
        long next = log.getNextIndex();
        long state = openedAt.equals(LogPosition.START) ? -1 : openedAt.index();
        boolean empty = first < 0 || next <= first;
        if (next <= state || store.hasLost() && empty) {
            throw new Damage.LogException("the log in " + files.log() + " ends before entry " + next + ", but the state was at " + state);
        }
        if (!empty && first > state + 1) {
            throw new Damage.LogException(
                    "the log in " + files.log() + " begins with entry " + first + ", but the state in " + files.state() + " ends at "
                            + state);
        }
    }

    /** @return whether it may start: all others have said which term they are in, so that no vote that was given can be given again */
    private boolean restoreVote() throws IOException {
        String what = files.log().resolve("current").resolve("raft-meta") + " is missing or damaged: term and vote are lost";
        requirePeers(new Damage.LogException(what));
        OptionalLong term = highestTerm();
        if (term.isEmpty()) {
            if (group.health() != RatisGroup.Health.DAMAGED) {
                LOG.atError().addKeyValue("group", group.descriptor().number()).addKeyValue("cause", what)
                        .log("The replica's vote is lost: it waits until all others of the group have answered, and is then rebuilt from them");
            }
            group.stopped(RatisGroup.Health.DAMAGED);
            return false;
        }
        setAside(new Damage.LogException(what));
        files.writeVote(term.getAsLong(), RatisNames.peer(settings.self()).toString());
        return true;
    }

    private OptionalLong highestTerm() {
        long highest = 0;
        for (GroupDescriptor.Member member : group.descriptor().members()) {
            if (!member.node().equals(settings.self())) {
                try {
                    highest = Math.max(highest,
                            peers.currentTerm(member.node(), group.descriptor().number()).get(ASK_SECONDS, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return OptionalLong.empty();
                } catch (ExecutionException | TimeoutException | RuntimeException e) {
                    LOG.atDebug().setCause(e).addKeyValue("peer", member.node()).log("No answer for the term");
                    return OptionalLong.empty();
                }
            }
        }
        return OptionalLong.of(highest);
    }

    private void requirePeers(IOException why) throws DamagedReplicaException {
        if (group.descriptor().members().size() < 2) {
            throw new DamagedReplicaException("the only replica of group " + group.descriptor().number() + " is damaged: "
                    + why.getMessage() + "; its files are in " + files.log() + " and " + files.state() + " (*" + ReplicaFiles.ASIDE
                    + "*: what was set aside). No other node has these data: restore both directories from a copy of the disk, or remove"
                    + " them to begin without the group's data", why);
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

    /**
     * Moves log and state out of the way.
     *
     * <p>HAZARD: the entries that this replica had acknowledged are gone until its leader has sent them again. With a vote it could help elect
     * a leader that lacks them: see {@link Probation}.
     */
    private void setAside(IOException why) throws IOException {
        files.beginRebuilding(String.valueOf(why.getMessage()));
        probation = new Probation(group, peers, settings.self());
        List<Path> aside = files.setAside();
        store = new SnapshotStore(files.state());
        LOG.atError().setCause(why).addKeyValue("group", group.descriptor().number()).addKeyValue("aside", aside)
                .log("The replica is damaged: set aside, rebuilding from the other replicas; it has no vote until it has caught up");
    }

    /** Whether it lost what it had acknowledged, and hasn't caught up yet: it has no vote. */
    boolean isRebuilding() {
        return probation != null;
    }

    /** Looked at by one thread. @return whether it has caught up: {@link #endRebuilding} gives it its vote back */
    boolean hasCaughtUp() {
        Probation now = probation;
        return now != null && now.isOver();
    }

    /** From here on it votes again. Starting anew takes the pause of its elections away. */
    synchronized void endRebuilding() throws IOException {
        files.endRebuilding();
        probation = null;
        restart();
    }

    /** Started anew from a snapshot and the log, or from the group: the state was found damaged while it was in use. */
    synchronized void repairState(Throwable why) throws IOException {
        stop(RatisGroup.Health.DAMAGED);
        store.setAside(why);
        start();
    }

    /** Before it is sent: damage would only be noticed where it arrives. */
    void dropDamagedSnapshots() throws IOException {
        store.dropDamaged();
    }

    /** Closes and starts again. */
    synchronized void restart() throws IOException {
        stop(RatisGroup.Health.LOG_FAILED);
        start();
        LOG.atWarn().addKeyValue("group", group.descriptor().number()).addKeyValue("applied", group.applied().index())
                .log("Replica restarted");
    }

    synchronized void stop(RatisGroup.Health why) throws IOException {
        stopRunning(why);
    }

    private void stopRunning(RatisGroup.Health why) throws IOException {
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
        DiskFiles.delete(files.log());
        DiskFiles.delete(files.state());
        files.endRebuilding();
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
}
