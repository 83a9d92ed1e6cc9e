package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.ProposalFailure;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.consensus.ReplicatedState;
import io.aviladb.storage.engine.StorageException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's replica of one group. Outlives the single starts of the replica: {@link ReplicaLife} starts, stops, heals and rebuilds it. */
final class RatisGroup implements RaftGroup, GroupMachine.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(RatisGroup.class);
    /** What an entry needs beside its payload. */
    private static final int ENTRY_OVERHEAD = 512;

    /** How the replica is. */
    enum Health {
        /** Runs, as far as is known. */
        RUNNING,
        /** Its log couldn't be written: it is started again once there is space. */
        LOG_FAILED,
        /** Its files are damaged: it is rebuilt, or waits until it can be. */
        DAMAGED,
        /** Apply threw: an invariant of the state is broken, and starting again would break it again. */
        BROKEN,
        /** Closed on purpose. */
        CLOSED
    }

    private volatile GroupDescriptor descriptor;
    private final Settings settings;
    private final RatisHost host;
    private final RaftGroupId id;
    private final ReplicatedState state;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final AppliedWaiters waiters = new AppliedWaiters();
    private final TermConfirmation confirmation;
    private final AtomicLong bytesSinceSnapshot = new AtomicLong();
    private volatile RaftServer.@Nullable Division division;
    private volatile Health health = Health.RUNNING;
    private volatile @Nullable Throwable lastDamage;
    private volatile LogPosition applied = LogPosition.START;
    private volatile Leadership lastLeadership = new Leadership(0, false, Optional.empty());

    RatisGroup(GroupDescriptor descriptor, ReplicatedState state, Settings settings, RatisHost host) {
        this.descriptor = descriptor;
        this.settings = settings;
        this.host = host;
        this.id = RatisNames.group(settings.clusterId(), descriptor.number());
        this.state = state;
        this.confirmation = new TermConfirmation(settings.self(), this::voters, this::ledTerm, this::commitIndex,
                peer -> host.peers().currentTerm(peer, descriptor.number()), settings.tuning().confirmTimeout());
    }

    @Override
    public GroupDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public void describe(GroupDescriptor placed) {
        if (placed.number() != descriptor.number()) {
            throw new IllegalArgumentException("group " + descriptor.number() + " can't become group " + placed.number());
        }
        descriptor = placed;
    }

    private TermConfirmation.Voters voters() {
        RaftServer.Division now = division;
        if (now == null) {
            throw Failures.unavailable("the replica is " + health);
        }
        return Configuration.voters(now);
    }

    @Override
    public List<NodeId> members() {
        RaftServer.Division now = division;
        return now == null ? descriptor.nodes() : List.copyOf(new TreeSet<>(Configuration.voters(now).all()));
    }

    @Override
    public CompletableFuture<Void> changeMembers(List<GroupDescriptor.Member> voters) {
        return host.changeMembers(this, voters);
    }

    @Override
    public CompletableFuture<Object> propose(byte[] entry, @Nullable Object context) {
        int limit = settings.tuning().maxEntryBytes() - ENTRY_OVERHEAD;
        if (entry.length < 1 || entry.length > limit) {
            // Ratis' leader would step down over a larger one; an empty one is the adapter's.
            throw new IllegalArgumentException("an entry has 1 to " + limit + " bytes, not " + entry.length);
        }
        return submit(entry, context);
    }

    /** Moves the log on without data. */
    void nudge() {
        submit(new byte[0], null)
                .exceptionally(e -> {
                    LOG.atDebug().setCause(e).addKeyValue("group", descriptor.number()).log("The empty entry was refused");
                    return this;
                });
    }

    private CompletableFuture<Object> submit(byte[] entry, @Nullable Object context) {
        Proposal proposal = new Proposal(entry, context);
        RaftServer.Division now = division;
        if (now == null || health != Health.RUNNING) {
            return CompletableFuture.failedFuture(Failures.unavailable("the replica is " + health));
        }
        RaftClientRequest request = RaftClientRequest.newBuilder().setClientId(client).setServerId(now.getId()).setGroupId(id)
                .setCallId(calls.incrementAndGet()).setMessage(proposal).setType(RaftClientRequest.writeRequestType()).build();
        try {
            ((RaftClientAsynchronousProtocol) now).submitClientRequestAsync(request)
                    .whenComplete((reply, error) -> settle(proposal, reply, error));
        } catch (IOException | RuntimeException e) {
            settle(proposal, null, e);
        }
        return proposal.answer();
    }

    /** Ratis' reply: success has been answered where the entry was applied, unless that was another replica. */
    private void settle(Proposal proposal, @Nullable RaftClientReply reply, @Nullable Throwable error) {
        if (proposal.answer().isDone()) {
            return;
        }
        Throwable cause = error != null || reply == null ? error : reply.getException();
        Throwable known = cause == null ? new IOException("applied without this replica's proposal") : cause;
        proposal.answer().completeExceptionally(Failures.of(known, proposal.isAppended(), leadership().leader()));
    }

    @Override
    public Leadership leadership() {
        RaftServer.Division now = division;
        Leadership last = lastLeadership;
        if (now == null) {
            return new Leadership(last.term(), false, Optional.empty());
        }
        DivisionInfo info = now.getInfo();
        boolean ready = health == Health.RUNNING && info.isAlive() && info.isLeaderReady();
        long term = info.getCurrentTerm();
        RaftPeerId leader = info.getLeaderId();
        Optional<NodeId> node = leader == null ? Optional.empty() : Optional.of(host.node(leader));
        if (last.term() != term || last.ready() != ready || !last.leader().equals(node)) {
            last = new Leadership(term, ready, node);
            lastLeadership = last;
        }
        return last;
    }

    @Override
    public long currentTerm() {
        RaftServer.Division now = division;
        if (now == null) {
            throw Failures.unavailable("the replica is " + health);
        }
        return now.getInfo().getCurrentTerm();
    }

    @Override
    public Standing standing() {
        boolean votes = !host.life(this).isRebuilding();
        RaftServer.Division now = division;
        OptionalLong led = ledTerm();
        if (now == null || led.isEmpty()) {
            return new Standing(currentTerm(), -1, votes);
        }
        long through = now.getRaftLog().getNextIndex() - 1;
        boolean still = ledTerm().equals(led); // so the log was this leader's in between
        return new Standing(led.getAsLong(), still ? through : -1, votes);
    }

    @Override
    public LogPosition applied() {
        return applied;
    }

    @Override
    public CompletableFuture<Void> awaitApplied(long index) {
        if (index > applied.index() && (health == Health.CLOSED || health == Health.BROKEN)) {
            return CompletableFuture.failedFuture(Failures.unavailable("the replica is " + health));
        }
        return waiters.await(index);
    }

    @Override
    public CompletableFuture<Long> confirmReadIndex() {
        return confirmation.confirm();
    }

    /** The term is read on both sides of readiness: terms only rise, so it was this one in between. */
    private OptionalLong ledTerm() {
        RaftServer.Division now = division;
        if (now == null || health != Health.RUNNING) {
            return OptionalLong.empty();
        }
        DivisionInfo info = now.getInfo();
        long before = info.getCurrentTerm();
        return info.isLeaderReady() && info.getCurrentTerm() == before ? OptionalLong.of(before) : OptionalLong.empty();
    }

    private long commitIndex() {
        RaftServer.Division now = division;
        if (now == null) {
            throw Failures.unavailable("the replica is " + health);
        }
        return now.getRaftLog().getLastCommittedIndex();
    }

    @Override
    public CompletableFuture<LogPosition> snapshot() {
        return host.snapshot(this);
    }

    @Override
    public CompletableFuture<Void> transferLeadership(NodeId to) {
        return host.transfer(this, to);
    }

    @Override
    public boolean isAlive() {
        RaftServer.Division now = division;
        return now != null && health == Health.RUNNING && now.getInfo().isAlive();
    }

    RaftGroupId id() {
        return id;
    }

    ReplicatedState state() {
        return state;
    }

    Health health() {
        return health;
    }

    RaftServer.@Nullable Division division() {
        return division;
    }

    long bytesSinceSnapshot() {
        return bytesSinceSnapshot.get();
    }

    void snapshotTaken() {
        bytesSinceSnapshot.set(0);
    }

    /** Before a start, so that what goes wrong during it isn't forgotten after it. */
    void beginStart() {
        if (health != Health.BROKEN) {
            health = Health.RUNNING;
            lastDamage = null;
        }
    }

    void running(RaftServer.Division started) {
        division = started;
        leadershipChanged();
    }

    /** Nothing is proposed or read here until it runs again. */
    void stopped(Health why) {
        division = null;
        if (health != Health.BROKEN) {
            health = why;
        }
        waiters.fail(new ProposalFailure(ProposalFailure.Kind.UNAVAILABLE, Optional.empty(), "the replica closed"));
        leadershipChanged();
    }

    @Override
    public void started(RaftServer.Division starting) {
        host.life(this).starting(starting);
    }

    @Override
    public void opened(LogPosition at) {
        host.life(this).opened(at);
        applied = at;
        waiters.restartAt(at.equals(LogPosition.START) ? -1 : at.index());
    }

    @Override
    public void applied(LogPosition at, long bytes) {
        applied = at;
        bytesSinceSnapshot.addAndGet(bytes);
        waiters.advance(at.index());
    }

    @Override
    public void broken(LogPosition at, Throwable cause) {
        if (isOfStore(cause)) {
            damaged(cause);
            return;
        }
        health = Health.BROKEN;
        LOG.atError().setCause(cause).addKeyValue("group", descriptor.number()).addKeyValue("index", at.index())
                .log("Apply failed: this replica stops and stays stopped");
        waiters.fail(Failures.unavailable("the replica is broken"));
        leadershipChanged();
    }

    /** The store's failures aren't the entry's: a new start from what is on disk may get over them. */
    private static boolean isOfStore(Throwable cause) {
        return Damage.isOfState(cause) || cause instanceof StorageException;
    }

    /** Stops until the supervisor has it started again, from other files where these are damaged. */
    @Override
    public void damaged(Throwable cause) {
        if (health != Health.RUNNING) {
            return;
        }
        lastDamage = cause;
        health = Damage.isOfState(cause) ? Health.DAMAGED : Health.LOG_FAILED;
        LOG.atError().setCause(cause).addKeyValue("group", descriptor.number())
                .log(health == Health.DAMAGED
                        ? "The state's files are damaged: this replica is rebuilt"
                        : "The state can't be written: this replica restarts when there is space");
        waiters.fail(Failures.unavailable("the replica is " + health));
        leadershipChanged();
    }

    /** What the state's files were found to be since the last start. */
    Optional<Throwable> damage() {
        return Optional.ofNullable(lastDamage);
    }

    /** Nothing can rebuild it: it stays stopped, and the log says why. */
    void lost(Throwable cause) {
        health = Health.BROKEN;
        LOG.atError().setCause(cause).addKeyValue("group", descriptor.number()).log("The replica can't be rebuilt and stays stopped");
        leadershipChanged();
    }

    @Override
    public void logFailed(Throwable cause) {
        if (health == Health.RUNNING) {
            health = Health.LOG_FAILED;
            LOG.atError().setCause(cause).addKeyValue("group", descriptor.number())
                    .log("The log can't be written: this replica restarts when there is space");
            leadershipChanged();
        }
    }

    @Override
    public void leadershipChanged() {
        host.leadershipChanged(this);
    }

    @Override
    public CompletableFuture<LogPosition> install(RaftPeerId leader, long index) {
        return host.install(this, host.node(leader), index);
    }
}
