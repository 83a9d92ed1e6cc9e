package io.aviladb.chaos.simulation;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.ProposalFailure;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.consensus.ReplicatedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A member of a group during one life of its node. */
final class SimulatedReplica implements RaftGroup {
    private final NodeId node;
    private final Life life;
    private final SimulatedLog log;
    private final ReplicatedState state;
    private final List<Waiter> waiters = new ArrayList<>();
    private LogPosition applied;
    private boolean awake; // an apply is to come
    private long slowUntil;
    private long readyAt; // as a leader: what it has to have applied before it serves
    private long believedTerm;
    private long believesUntil = -1; // that it leads, though it was deposed

    private record Waiter(long index, CompletableFuture<Void> reached) {}

    SimulatedReplica(NodeId node, Life life, SimulatedLog log, ReplicatedState state, Disk disk) {
        this.node = node;
        this.life = life;
        this.log = log;
        this.state = state;
        try {
            this.applied = state.open(disk.live());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Invariants.holds(applied.index() <= log.committed(), "AStateIsOfItsLog",
                () -> node + " opens group " + log.descriptor().number() + " at " + applied + ", and the log ends at " + log.committed());
    }

    NodeId node() {
        return node;
    }

    ReplicatedState state() {
        return state;
    }

    void slow(long nanos) {
        slowUntil = log.agenda().nanos() + nanos;
    }

    void elected(long entries) {
        readyAt = entries;
        believesUntil = -1;
        wake();
    }

    void deposed(long term, long until) {
        believedTerm = term;
        believesUntil = until;
    }

    private boolean leads() {
        return log.leader() == this;
    }

    private boolean believes() {
        return log.agenda().nanos() < believesUntil;
    }

    /** Applies soon where there is something to apply, and the leader can tell it so. */
    void wake() {
        SimulatedReplica leader = log.leader();
        if (awake || life.isOver() || applied.index() >= log.committed() || !leads() && (leader == null || !log.reaches(leader, node))) {
            return;
        }
        awake = true;
        long delay = log.agenda().nanos() < slowUntil
                ? log.between(50_000, 400_000)
                : leads() ? log.between(50, 600) : log.between(100, 15_000);
        log.agenda().after(delay, this::apply);
    }

    private void apply() {
        awake = false;
        if (life.isOver()) {
            return;
        }
        int some = 1 + (int) (log.between(0, 5) / 1_000);
        for (int i = 0; i < some && applied.index() < log.committed() && !life.isOver(); i++) {
            long index = applied.index() + 1;
            SimulatedLog.Entry entry = log.entry(index);
            SimulatedLog.Pending proposed = entry.proposed() != null && entry.proposed().by() == this ? entry.proposed() : null;
            applied = new LogPosition(entry.term(), index);
            Object answer = state.apply(applied, entry.bytes(), proposed == null ? null : proposed.context());
            log.trace().bytes(entry.bytes());
            log.invariants().applied(log.descriptor().number(), node, state, index, answer);
            if (proposed != null) {
                proposed.answer().complete(answer);
            }
        }
        List<Waiter> reached = waiters.stream().filter(waiter -> waiter.index() <= applied.index()).toList();
        waiters.removeAll(reached);
        reached.forEach(waiter -> waiter.reached().complete(null));
        wake();
    }

    /** The node is gone. */
    void crash() {
        log.leave(this);
        state.close();
        waiters.clear();
    }

    @Override
    public GroupDescriptor descriptor() {
        return log.descriptor();
    }

    @Override
    public CompletableFuture<Object> propose(byte[] entry, @Nullable Object context) {
        if (!leads() && !believes()) {
            return CompletableFuture.failedFuture(notLeader());
        }
        return log.propose(this, entry, context);
    }

    private ProposalFailure notLeader() {
        return new ProposalFailure(ProposalFailure.Kind.NOT_LEADER, hint(), "this replica doesn't lead");
    }

    private Optional<NodeId> hint() {
        SimulatedReplica leader = log.leader();
        return leader != null && leader != this && log.reaches(leader, node) ? Optional.of(leader.node()) : Optional.empty();
    }

    @Override
    public Leadership leadership() {
        if (leads()) {
            return new Leadership(log.term(), applied.index() >= readyAt, Optional.of(node));
        }
        return believes() ? new Leadership(believedTerm, true, Optional.of(node)) : new Leadership(log.term(), false, hint());
    }

    @Override
    public long currentTerm() {
        return believes() ? believedTerm : log.term();
    }

    @Override
    public Standing standing() {
        return new Standing(currentTerm(), leads() ? log.committed() : -1, true);
    }

    @Override
    public LogPosition applied() {
        return applied;
    }

    @Override
    public CompletableFuture<Void> awaitApplied(long index) {
        if (index <= applied.index()) {
            return CompletableFuture.completedFuture(null);
        }
        Waiter waiter = new Waiter(index, new CompletableFuture<>());
        waiters.add(waiter);
        return waiter.reached();
    }

    @Override
    public CompletableFuture<Long> confirmReadIndex() {
        CompletableFuture<Long> confirmed = new CompletableFuture<>();
        boolean led = leads();
        long term = log.term();
        long index = log.committed();
        log.agenda().after(log.between(200, 4_000), () -> {
            if (led && leads() && log.term() == term && log.hasMajority(this)) {
                confirmed.complete(index);
            } else {
                confirmed.completeExceptionally(notLeader());
            }
        });
        return confirmed;
    }

    @Override
    public CompletableFuture<LogPosition> snapshot() {
        throw new UnsupportedOperationException("disks are kept by the simulation");
    }

    @Override
    public CompletableFuture<Void> transferLeadership(NodeId to) {
        throw new UnsupportedOperationException("leadership moves as the simulation wants");
    }

    @Override
    public void describe(GroupDescriptor placed) {
        throw new UnsupportedOperationException("its members stay");
    }

    @Override
    public List<NodeId> members() {
        return descriptor().nodes();
    }

    @Override
    public CompletableFuture<Void> changeMembers(List<GroupDescriptor.Member> voters) {
        throw new UnsupportedOperationException("its members stay");
    }

    @Override
    public boolean isAlive() {
        return !life.isOver();
    }
}
