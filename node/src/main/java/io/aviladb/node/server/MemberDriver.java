package io.aviladb.node.server;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerEntry;
import io.aviladb.node.controller.ControllerMachine;
import io.aviladb.node.controller.ControllerState;
import io.aviladb.node.controller.Members;
import io.aviladb.proto.node.MemberOperation;
import io.aviladb.proto.node.MemberOperation.Move;
import io.aviladb.proto.node.MemberReply;
import io.aviladb.proto.node.MemberRequest;
import io.aviladb.proto.node.NodeApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the member operation that the controller's state says is running, at the controller's leader, one move after the other; and tells the
 * region's nodes what the registry has. Remembers nothing that matters: every step can be taken again, by whoever leads the controller next.
 */
final class MemberDriver {
    private static final Logger log = LoggerFactory.getLogger(MemberDriver.class);
    private static final long TELL_SECONDS = 5;
    private static final long OPEN_SECONDS = 30;
    /** A step that failed is taken again after this time. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long TELL_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final RegionId region;
    private final Members formed;
    private final Function<NodeId, NodeApi> nodes;
    private final Leaders leaders;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private volatile long notBefore;
    private volatile long toldVersion = -1;
    private volatile long toldAt;

    /** Asks a group's leader. */
    interface Leaders {
        CompletableFuture<MemberReply> ask(int group, MemberRequest request);
    }

    /**
     * @param formed the region's nodes and groups as the cluster was formed
     * @param executor where steps begin: nodes of this process answer at once
     * @param nanoTime monotonic
     */
    MemberDriver(RegionId region, Members formed, Function<NodeId, NodeApi> nodes, Leaders leaders, Executor executor,
            LongSupplier nanoTime) {
        this.region = region;
        this.formed = formed;
        this.nodes = nodes;
        this.leaders = leaders;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.notBefore = nanoTime.getAsLong();
    }

    /** Called often: takes the next step where none is under way. */
    void drive(RaftGroup raft, ControllerMachine machine) {
        long now = nanoTime.getAsLong();
        if (!raft.leadership().ready() || now - notBefore < 0 || !underWay.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture.supplyAsync(() -> step(raft, machine.value()), executor).thenCompose(step -> step)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        log.atInfo().addKeyValue("failure", failure.toString())
                                .log("A step of a member operation failed; it is taken again");
                        notBefore = nanoTime.getAsLong() + PAUSE_NANOS;
                    }
                    underWay.set(false);
                });
    }

    private CompletableFuture<?> step(RaftGroup raft, ControllerState state) {
        Members members = state.members();
        if (members.isNone()) {
            return raft.propose(new ControllerEntry.Found(formed).encode(), null);
        }
        long now = nanoTime.getAsLong();
        if (members.version() != toldVersion || now - toldAt >= TELL_AGAIN_NANOS) {
            toldAt = now;
            toldVersion = members.version();
            tell(members);
        }
        Optional<MemberOperation> running = members.running();
        if (running.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        MemberOperation operation = running.get();
        Optional<Move> move = members.move();
        if (move.isEmpty()) {
            log.atInfo().addKeyValue("operation", operation.number()).addKeyValue("kind", operation.kind())
                    .addKeyValue("node", operation.node()).log("Member operation over");
            return raft.propose(new ControllerEntry.EndMember(operation.number()).encode(), null);
        }
        return (move.get().before().isEmpty() ? found(members, move.get()) : change(members, move.get())).thenCompose(done -> done
                ? raft.propose(new ControllerEntry.Moved(operation.number(), operation.done()).encode(), null)
                : CompletableFuture.completedFuture(null));
    }

    /** Nodes that are down are told when they are back: this is repeated. Those that are gone too, so that they serve no leftovers. */
    private void tell(Members members) {
        byte[] bytes = members.encode();
        List<Members.Node> all = new ArrayList<>(members.nodes());
        all.addAll(members.gone());
        for (Members.Node node : all) {
            var unused = ask(node.node(), new MemberRequest.Know(node.node(), bytes)).orTimeout(TELL_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(down -> MemberReply.GOES_ON);
        }
    }

    /** All replicas of a new group are opened; it is in the registry when they are. */
    private CompletableFuture<Boolean> found(Members members, Move move) {
        byte[] group = bytes(descriptor(members, move, GroupDescriptor.Kind.DATA, move.after().getFirst()));
        return allOf(move.after().stream()
                .map(node -> ask(node, new MemberRequest.Open(node, group, true)).orTimeout(OPEN_SECONDS, TimeUnit.SECONDS)).toList())
                .thenApply(done -> true);
    }

    /** Whoever is new opens its replica; then the group's own log changes who votes, one by one. */
    private CompletableFuture<Boolean> change(Members members, Move move) {
        GroupDescriptor known = members.group(move.group()).orElseThrow();
        GroupDescriptor placed = descriptor(members, move, known.kind(), known.preferredLeader());
        byte[] group = bytes(placed);
        List<MemberRequest.Voter> voters = placed.members().stream()
                .map(member -> new MemberRequest.Voter(member.node(), member.raftAddress())).toList();
        return allOf(move.after().stream().filter(node -> !move.before().contains(node))
                .map(node -> ask(node, new MemberRequest.Open(node, group, false)).orTimeout(OPEN_SECONDS, TimeUnit.SECONDS)).toList())
                .thenCompose(opened -> leaders.ask(move.group(), new MemberRequest.Alter(move.group(), region, voters)))
                .thenApply(MemberReply::done);
    }

    /** As it will be, under the version of now: what comes late is older than what the registry has then. */
    private static GroupDescriptor descriptor(Members members, Move move, GroupDescriptor.Kind kind, NodeId leader) {
        List<GroupDescriptor.Member> placed = move.after().stream()
                .map(id -> new GroupDescriptor.Member(id, members.find(id).orElseThrow().raftAddress())).toList();
        return new GroupDescriptor(move.group(), kind, placed, leader, members.version());
    }

    private static byte[] bytes(GroupDescriptor group) {
        ByteWriter out = new ByteWriter(128);
        Members.writeGroup(group, out);
        return out.toByteArray();
    }

    private CompletableFuture<MemberReply> ask(NodeId node, MemberRequest request) {
        try {
            return nodes.apply(node).members(request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletableFuture<Void> allOf(List<CompletableFuture<MemberReply>> answers) {
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]));
    }
}
