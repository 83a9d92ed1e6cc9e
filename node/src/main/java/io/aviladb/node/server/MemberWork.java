package io.aviladb.node.server;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerEntry;
import io.aviladb.node.controller.ControllerState;
import io.aviladb.node.controller.Members;
import io.aviladb.proto.node.MemberOperation;
import io.aviladb.proto.node.MemberReply;
import io.aviladb.proto.node.MemberRequest;
import io.aviladb.proto.node.NodeRefusal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;

/** What this node does for nodes that come and go: as the controller's leader, as a group's leader, and as a node that is told. Any thread. */
final class MemberWork {
    private final NodeId self;
    private final NodeGroups groups;
    private final Registry registry;
    private final Replicas replicas;
    private final Preflight preflight;
    private final Executor blocking;
    private final Runnable changed;

    /** Proposes to the controller's log, here at its leader. */
    interface Controller extends Function<ControllerEntry, CompletableFuture<ControllerState>> {
    }

    /**
     * @param blocking where replicas are opened and closed
     * @param changed runs after the registry has news
     */
    MemberWork(NodeId self, NodeGroups groups, Registry registry, Replicas replicas, Preflight preflight, Executor blocking,
            Runnable changed) {
        this.self = self;
        this.groups = groups;
        this.registry = registry;
        this.replicas = replicas;
        this.preflight = preflight;
        this.blocking = blocking;
        this.changed = changed;
    }

    CompletableFuture<MemberReply> serve(MemberRequest request, Controller controller) {
        return switch (request) {
            case MemberRequest.Add add -> controller
                    .apply(new ControllerEntry.AddNode(
                            new Members.Node(add.node(), add.rpcAddress(), add.raftAddress(), add.endpoint()), add.token()))
                    .thenApply(state -> reply(state, operation -> operation.token() == add.token()));
            case MemberRequest.Remove remove -> safe(remove)
                    .thenCompose(safe -> controller.apply(new ControllerEntry.RemoveNode(remove.node(), remove.token())))
                    .thenApply(state -> reply(state, operation -> operation.token() == remove.token()));
            case MemberRequest.Find find -> throw new IllegalArgumentException("looked up at the controller, without an entry");
            case MemberRequest.Know know -> blocking(know.to(), () -> {
                if (registry.learn(Members.decode(know.members()))) {
                    align();
                }
                return MemberReply.DONE;
            });
            case MemberRequest.Open open -> blocking(open.to(), () -> {
                ByteReader in = new ByteReader(open.group());
                replicas.openFor(Members.readGroup(in), open.founded());
                changed.run();
                return MemberReply.DONE;
            });
            case MemberRequest.Alter alter -> alter(alter);
        };
    }

    /** What has begun isn't asked about again. */
    private CompletableFuture<Boolean> safe(MemberRequest.Remove remove) {
        Members members = groups.controller().orElseThrow().machine().value().members();
        return members.operations().stream().anyMatch(operation -> operation.token() == remove.token())
                ? CompletableFuture.completedFuture(true)
                : preflight.check(members, remove.node());
    }

    static MemberReply reply(ControllerState state, Predicate<MemberOperation> asked) {
        return new MemberReply(state.members().operations().stream().filter(asked).toList(), true);
    }

    /** The registry has news: replicas follow. */
    void align() {
        replicas.align();
        changed.run();
    }

    private interface Task {
        MemberReply run() throws IOException;
    }

    private CompletableFuture<MemberReply> blocking(NodeId to, Task task) {
        if (!to.equals(self)) {
            throw NodeRefusal.of(ErrorCode.NODE_NOT_FOUND, "this is " + self + ", and not " + to);
        }
        return CompletableFuture.supplyAsync(() -> {
            try {
                return task.run();
            } catch (IOException e) {
                throw NodeRefusal.of(ErrorCode.NOT_READY, self + " can't: " + e);
            }
        }, blocking);
    }

    /**
     * One step: first who is missing comes, then who is too many goes, so that the group never has fewer replicas than it is to have. A leader that is to
     * go hands on first.
     */
    private CompletableFuture<MemberReply> alter(MemberRequest.Alter alter) {
        RaftGroup raft = groups.raft(alter.group())
                .orElseThrow(() -> NodeRefusal.of(ErrorCode.RANGE_MOVED, "group " + alter.group() + " has no replica here"));
        Leadership leadership = raft.leadership();
        if (!leadership.ready()) {
            throw NodeRefusal.notLeader(alter.group(), leadership.leader());
        }
        List<NodeId> present = raft.members();
        Set<NodeId> wanted = new TreeSet<>(alter.voters().stream().map(MemberRequest.Voter::node).toList());
        present.stream().filter(node -> !node.region().equals(alter.region())).forEach(wanted::add);
        Optional<NodeId> missing = wanted.stream().filter(node -> !present.contains(node)).findFirst();
        Optional<NodeId> surplus = missing.isPresent()
                ? Optional.empty()
                : present.stream().filter(node -> !wanted.contains(node)).findFirst();
        if (surplus.isPresent() && surplus.get().equals(self)) {
            NodeId heir = wanted.stream().filter(node -> node.region().equals(alter.region())).findFirst().orElseThrow();
            return answered(raft.transferLeadership(heir), MemberReply.GOES_ON, alter.group());
        }
        Set<NodeId> next = new TreeSet<>(present);
        missing.ifPresent(next::add);
        surplus.ifPresent(next::remove);
        return answered(raft.changeMembers(next.stream().map(node -> member(raft, alter, node)).toList()),
                next.equals(wanted) ? MemberReply.DONE : MemberReply.GOES_ON, alter.group());
    }

    /** Of one that stays only the name counts: Raft knows its address. */
    private static GroupDescriptor.Member member(RaftGroup raft, MemberRequest.Alter alter, NodeId node) {
        return alter.voters().stream().filter(voter -> voter.node().equals(node)).findFirst()
                .map(voter -> new GroupDescriptor.Member(node, voter.raftAddress()))
                .or(() -> raft.descriptor().members().stream().filter(member -> member.node().equals(node)).findFirst())
                .orElseGet(() -> new GroupDescriptor.Member(node, ""));
    }

    private static CompletableFuture<MemberReply> answered(CompletableFuture<Void> step, MemberReply answer, int group) {
        return step.thenApply(done -> answer).exceptionallyCompose(failure -> {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            return CompletableFuture.failedFuture(cause instanceof AvilaError error
                    ? NodeRefusal.of(error)
                    : NodeRefusal.of(ErrorCode.NOT_READY, "group " + group + " didn't change its members: " + cause.getMessage()));
        });
    }
}
