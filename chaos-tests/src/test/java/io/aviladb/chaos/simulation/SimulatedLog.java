package io.aviladb.chaos.simulation;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.ProposalFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A group's log as the best consensus would give it, to members who get the worst of it: one order, and what is in it stays; but leadership moves
 * for no reason, a deposed leader goes on believing for a while, what it had open may be in the log or not, and replicas apply late.
 */
final class SimulatedLog {
    private static final long MILLI = 1_000_000;
    private static final long HEARTBEAT = 100 * MILLI;

    private final GroupDescriptor descriptor;
    private final Agenda agenda;
    private final Trace trace;
    private final Random random;
    private final BiPredicate<NodeId, NodeId> connected;
    private final Invariants invariants;
    private final List<Entry> entries = new ArrayList<>(); // entry i has index i + 1
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Map<NodeId, SimulatedReplica> replicas = new TreeMap<>();
    private @Nullable SimulatedReplica leader;
    private long term;
    private long lastCommitAt;
    private long leaderlessSince = -1;

    /** An entry that stays. {@code proposed} is set where its proposer may hear of it. */
    record Entry(long term, byte[] bytes, @Nullable Pending proposed) {}

    /** What a leader has proposed. */
    record Pending(SimulatedReplica by, long term, byte[] bytes, @Nullable Object context, CompletableFuture<Object> answer) {}

    SimulatedLog(GroupDescriptor descriptor, Agenda agenda, Trace trace, Random random, BiPredicate<NodeId, NodeId> connected,
            Invariants invariants) {
        this.descriptor = descriptor;
        this.agenda = agenda;
        this.trace = trace;
        this.random = random;
        this.connected = connected;
        this.invariants = invariants;
        beat();
    }

    GroupDescriptor descriptor() {
        return descriptor;
    }

    Agenda agenda() {
        return agenda;
    }

    Trace trace() {
        return trace;
    }

    Invariants invariants() {
        return invariants;
    }

    long term() {
        return term;
    }

    long committed() {
        return entries.size();
    }

    Entry entry(long index) {
        return entries.get((int) index - 1);
    }

    @Nullable
    SimulatedReplica leader() {
        return leader;
    }

    Collection<SimulatedReplica> replicas() {
        return replicas.values();
    }

    @Nullable
    SimulatedReplica replica(NodeId node) {
        return replicas.get(node);
    }

    void join(SimulatedReplica replica) {
        replicas.put(replica.node(), replica);
        replica.wake();
    }

    void leave(SimulatedReplica replica) {
        replicas.remove(replica.node(), replica);
        if (leader == replica) {
            leader = null;
            leaderlessSince = agenda.nanos();
        }
    }

    boolean reaches(SimulatedReplica from, NodeId to) {
        return from.node().equals(to) || replicas.containsKey(to) && connected.test(from.node(), to) && connected.test(to, from.node());
    }

    boolean hasMajority(SimulatedReplica replica) {
        long with = descriptor.members().stream().filter(member -> reaches(replica, member.node())).count();
        return with * 2 > descriptor.members().size();
    }

    long between(long fromMicros, long toMicros) {
        return (fromMicros + random.nextInt((int) (toMicros - fromMicros))) * 1_000;
    }

    /** By the leader, or by a replica that believes to be it: that one's entry goes nowhere. */
    CompletableFuture<Object> propose(SimulatedReplica by, byte[] bytes, @Nullable Object context) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        if (by != leader) {
            agenda.after(between(20_000, 500_000), () -> answer.completeExceptionally(unknown("this replica was deposed")));
            return answer;
        }
        Pending one = new Pending(by, term, bytes, context, answer);
        pending.add(one);
        lastCommitAt = Math.max(lastCommitAt + 1_000, agenda.nanos() + between(200, 6_000));
        agenda.after(lastCommitAt - agenda.nanos(), () -> commit(one));
        return answer;
    }

    private void commit(Pending one) {
        if (pending.peek() != one) {
            return; // an election has judged it, or one before it waits for a majority: the next heartbeat looks again
        }
        SimulatedReplica now = leader;
        if (now == one.by() && hasMajority(now)) {
            pending.remove();
            append(new Entry(one.term(), one.bytes(), one));
        }
    }

    private void append(Entry entry) {
        entries.add(entry);
        replicas.values().forEach(SimulatedReplica::wake);
    }

    private void beat() {
        agenda.afterUncounted(HEARTBEAT + random.nextInt(20_000_000), () -> {
            SimulatedReplica now = leader;
            if (now != null && hasMajority(now)) {
                leaderlessSince = -1;
                while (!pending.isEmpty()) {
                    commit(pending.element());
                }
            } else if (leaderlessSince < 0) {
                leaderlessSince = agenda.nanos();
            } else if (agenda.nanos() - leaderlessSince > between(150_000, 500_000)) {
                elect(false);
            }
            replicas.values().forEach(SimulatedReplica::wake);
            beat();
        });
    }

    /**
     * @param another whether somebody else than the present leader shall lead
     * @return whether somebody was elected
     */
    boolean elect(boolean another) {
        List<SimulatedReplica> candidates = replicas.values().stream().filter(this::hasMajority)
                .filter(replica -> !another || replica != leader).toList();
        if (candidates.isEmpty()) {
            return false;
        }
        SimulatedReplica preferred = replicas.get(descriptor.preferredLeader());
        SimulatedReplica next = preferred != null && candidates.contains(preferred) && random.nextInt(3) > 0
                ? preferred
                : candidates.get(random.nextInt(candidates.size()));
        SimulatedReplica before = leader;
        for (int kept = random.nextInt(pending.size() + 1); !pending.isEmpty(); kept--) { // a prefix of what was open is on a majority's disks
            Pending one = pending.remove();
            if (kept > 0) {
                append(new Entry(one.term(), one.bytes(), null));
            }
            agenda.after(between(100, 300_000), () -> one.answer().completeExceptionally(unknown("leadership was lost")));
        }
        term++;
        leader = next;
        leaderlessSince = -1;
        if (before != null && before != next) {
            before.deposed(term - 1, agenda.nanos() + between(0, reaches(next, before.node()) ? 20_000 : 400_000));
        }
        next.elected(entries.size());
        trace.happened("group " + descriptor.number() + ": " + next.node() + " leads in term " + term);
        return true;
    }

    private ProposalFailure unknown(String why) {
        return new ProposalFailure(ProposalFailure.Kind.INDETERMINATE, Optional.empty(), why);
    }
}
