package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.Leadership;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a server's replicas, twice a second: restarts those that died (a full disk leaves one alive that never writes again, and the
 * server says it runs when all of them are dead), has snapshots taken, and hands leadership to the preferred node.
 */
final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    /** For how many of the longest election time-outs a term lasts, and the preferred node keeps up in it, before that node leads. */
    private static final int SETTLED_ELECTIONS = 3;
    private static final long KEEPS_UP_ENTRIES = 64;
    private static final Duration IDLE = Duration.ofSeconds(10);
    /** After a full disk: how long a group may be without a leader, and for how long that is looked at. */
    private static final Duration LEADERLESS = Duration.ofSeconds(10);
    private static final Duration AFTER_FULL = Duration.ofMinutes(10);

    private final Settings settings;
    private final Supplier<Collection<ReplicaLife>> replicas;
    private final RatisHost host;
    private final ScheduledExecutorService ticks = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("raft-supervisor").factory());
    /** A replica that hangs while it closes must not keep the others from being healed. */
    private final ExecutorService healers = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("raft-healer").factory());
    private final Set<ReplicaLife> busy = ConcurrentHashMap.newKeySet();
    private final Map<ReplicaLife, Attempts> attempts = new ConcurrentHashMap<>();
    private final Map<ReplicaLife, Settled> settled = new HashMap<>();
    private final Map<ReplicaLife, Still> still = new HashMap<>();
    private final Map<ReplicaLife, Long> handedOver = new HashMap<>();
    private final Map<ReplicaLife, Long> leaderless = new HashMap<>();
    private OptionalLong lastFull = OptionalLong.empty(); // nanos; owned by the tick

    /** How far a group was, and since when. */
    private record Still(long commit, long since) {}

    /** In which term the preferred node keeps up, and since when. */
    private record Settled(long term, long since) {}

    private record Attempts(int failed, long notBefore) {}

    Supervisor(Settings settings, Supplier<Collection<ReplicaLife>> replicas, RatisHost host) {
        this.settings = settings;
        this.replicas = replicas;
        this.host = host;
    }

    void start() {
        ticks.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        if (!hasSpace()) {
            lastFull = OptionalLong.of(System.nanoTime());
        }
        for (ReplicaLife life : replicas.get()) {
            try {
                look(life);
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).addKeyValue("group", life.group().descriptor().number()).log("A replica couldn't be looked after");
            }
        }
    }

    private void look(ReplicaLife life) {
        RatisGroup group = life.group();
        host.leadershipChanged(group);
        if (!group.isAlive()) {
            heal(life);
            return;
        }
        attempts.remove(life);
        group.state().failure().ifPresent(failure -> group.damaged(failure.cause()));
        if (life.hasCaughtUp() && busy.add(life)) {
            heal(life, ReplicaLife::endRebuilding, new Attempts(0, 0));
            return;
        }
        if (life.isSnapshotDue() && busy.add(life)) {
            group.snapshot().whenComplete((at, error) -> {
                busy.remove(life);
                if (error != null) {
                    LOG.atWarn().setCause(error).addKeyValue("group", group.descriptor().number()).log("The snapshot failed");
                }
            });
        }
        nudgeIdle(life);
        preferLeader(life);
        electAgain(life);
    }

    /**
     * Restarts a replica whose group finds no leader after the disk was full. In Ratis an election that can't write its vote ends for good: the
     * replica stays a candidate that asks nobody, and looks alive. Where all replicas ran out of space together, none would ever lead.
     */
    private void electAgain(ReplicaLife life) {
        Leadership now = life.group().leadership();
        boolean suspect = lastFull.isPresent() && System.nanoTime() - lastFull.getAsLong() < AFTER_FULL.toNanos();
        if (!suspect || now.ready() || now.leader().isPresent()) {
            leaderless.remove(life);
            return;
        }
        long since = leaderless.computeIfAbsent(life, unseen -> System.nanoTime());
        if (System.nanoTime() - since > LEADERLESS.toNanos() && hasSpace() && busy.add(life)) {
            leaderless.remove(life);
            LOG.atWarn().addKeyValue("group", life.group().descriptor().number())
                    .log("No leader since the disk was full: the replica restarts");
            heal(life, ReplicaLife::restart, new Attempts(0, 0));
        }
    }

    /**
     * Puts an empty entry into an idle log. A Ratis leader believes that a follower still has what it acknowledged, and finds out that one
     * lost its log only when it sends the next entry; in an idle group a rebuilt replica would wait for ever.
     */
    private void nudgeIdle(ReplicaLife life) {
        RatisGroup group = life.group();
        RaftServer.Division division = group.division();
        if (division == null || group.descriptor().members().size() < 2 || !group.leadership().ready()) {
            still.remove(life);
            return;
        }
        long commit = division.getRaftLog().getLastCommittedIndex();
        long now = System.nanoTime();
        Still before = still.get(life);
        if (before == null || before.commit() != commit) {
            still.put(life, new Still(commit, now));
        } else if (now - before.since() > IDLE.toNanos()) {
            still.put(life, new Still(commit, now));
            group.nudge();
        }
    }

    private void heal(ReplicaLife life) {
        RatisGroup.Health health = life.group().health();
        Attempts before = attempts.getOrDefault(life, new Attempts(0, Long.MIN_VALUE));
        boolean willing = health == RatisGroup.Health.RUNNING || health == RatisGroup.Health.LOG_FAILED
                || health == RatisGroup.Health.DAMAGED;
        boolean early = before.failed() > 0 && System.nanoTime() - before.notBefore() < 0;
        if (!willing || early || !hasSpace() || !busy.add(life)) {
            return;
        }
        Optional<Throwable> damage = life.group().damage().filter(Damage::isOfState);
        heal(life, damage.isPresent() ? each -> each.repairState(damage.get()) : ReplicaLife::restart, before);
    }

    /** What heals a replica. */
    private interface Cure {
        void apply(ReplicaLife life) throws IOException;
    }

    private void heal(ReplicaLife life, Cure cure, Attempts before) {
        healers.execute(() -> {
            try {
                cure.apply(life);
            } catch (DamagedReplicaException e) {
                life.group().lost(e);
            } catch (IOException | RuntimeException e) {
                LOG.atError().setCause(e).addKeyValue("group", life.group().descriptor().number()).log("The replica didn't restart");
            } finally {
                attempts.put(life, next(before));
                busy.remove(life);
            }
        });
    }

    private static Attempts next(Attempts before) {
        long backoff = Math.min(LONGEST_BACKOFF.toMillis(), TICK.toMillis() << Math.min(before.failed(), 10));
        return new Attempts(before.failed() + 1, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoff));
    }

    /** By a call that asks the file system alone: a {@code FileStore} reads the table of all mounts each time. A folder that is gone has none. */
    private boolean hasSpace() {
        return settings.raftDirectory().toFile().getUsableSpace() >= settings.tuning().freeSpaceFloor();
    }

    /**
     * Hands leadership over once a term has lasted and the preferred node keeps up, at most once in a while: with priorities, Ratis would do
     * it each time the preferred node comes back, and refuse every other transfer. A start, or a machine too busy for its elections, isn't
     * disturbed further.
     */
    private void preferLeader(ReplicaLife life) {
        RatisGroup group = life.group();
        NodeId preferred = group.descriptor().preferredLeader();
        Leadership now = group.leadership();
        boolean wanted = now.ready() && !preferred.equals(settings.self()) && mayHandOver(life)
                && keepsUp(group, RatisNames.peer(preferred));
        if (!wanted) {
            settled.remove(life);
            return;
        }
        Settled before = settled.get(life);
        if (before == null || before.term() != now.term()) {
            settled.put(life, new Settled(now.term(), System.nanoTime()));
            return;
        }
        if (System.nanoTime() - before.since() < SETTLED_ELECTIONS * settings.tuning().electionMax().toNanos()) {
            return;
        }
        settled.remove(life);
        handedOver.put(life, System.nanoTime());
        LOG.atInfo().addKeyValue("group", group.descriptor().number()).addKeyValue("to", preferred)
                .log("Handing leadership to the preferred node");
        group.transferLeadership(preferred).whenComplete((done, error) -> {
            if (error != null) {
                LOG.atInfo().addKeyValue("group", group.descriptor().number()).addKeyValue("reason", error.getMessage())
                        .log("Leadership stays");
            }
        });
    }

    private boolean mayHandOver(ReplicaLife life) {
        Long last = handedOver.get(life);
        return last == null || System.nanoTime() - last > settings.tuning().leaderHandoverPause().toNanos();
    }

    private static boolean keepsUp(RatisGroup group, RaftPeerId peer) {
        RaftServer.Division division = group.division();
        if (division == null) {
            return false;
        }
        long committed = division.getRaftLog().getLastCommittedIndex();
        boolean near = false;
        for (CommitInfoProto info : division.getCommitInfos()) {
            near |= info.getServer().getId().equals(peer.toByteString()) && info.getCommitIndex() >= committed - KEEPS_UP_ENTRIES;
        }
        for (ServerRpcProto follower : division.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList()) {
            if (follower.getId().getId().equals(peer.toByteString())) {
                return near && follower.getLastRpcElapsedTimeMs() < 2 * TICK.toMillis();
            }
        }
        return false;
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        healers.shutdownNow();
    }
}
