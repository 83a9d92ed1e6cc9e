package io.aviladb.node.controller;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.proto.node.MemberOperation;
import io.aviladb.proto.node.MemberOperation.Kind;
import io.aviladb.proto.node.MemberOperation.Move;
import io.aviladb.proto.node.RangeOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the entries about nodes make of the controller's state. Pure. Refuses with {@link AvilaError}. Every change of nodes or groups raises the map's
 * version, so that whoever is told of both knows which is the newer.
 */
final class MemberChange {
    /** Numbers of a region's groups lie below the next region's. */
    private static final int MOST_DATA_GROUPS = 98;

    private MemberChange() {
    }

    /** @return the same state, by identity, where nodes are known already */
    static ControllerState found(ControllerState state, Members formed) {
        return state.members().isNone() ? state.with(raised(state.map()), at(formed, state.map().version() + 1)) : state;
    }

    private static Members at(Members members, long version) {
        return new Members(version, members.nodes(), members.groups(), members.gone(), members.operations());
    }

    private static RangeMap raised(RangeMap map) {
        return new RangeMap(map.version() + 1, map.nextRange(), map.ranges());
    }

    /** @return the same state, by identity, where the operation has begun already */
    static ControllerState add(ControllerState state, ControllerEntry.AddNode add) {
        Members members = state.members();
        if (begun(members, add.token())) {
            return state;
        }
        NodeId id = add.node().node();
        checkKnown(members);
        if (members.find(id).isPresent()) {
            throw new AvilaError(ErrorCode.NODE_ID_USED, id + " is a node of the region");
        }
        if (members.gone().stream().anyMatch(node -> node.node().equals(id))) {
            throw new AvilaError(ErrorCode.NODE_ID_USED, id + " left the region, and its id isn't used again");
        }
        if (!members.nodes().getFirst().node().region().equals(id.region())) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, id + " is of another region");
        }
        checkFree(members);
        long version = state.map().version() + 1;
        List<Members.Node> nodes = new ArrayList<>(members.nodes());
        nodes.add(add.node());
        MemberOperation operation = new MemberOperation(state.nextOperation(), add.token(), Kind.ADD, RangeOperation.State.RUNNING, id,
                MemberPlan.coming(members, id, MOST_DATA_GROUPS), 0, "");
        return state.begun(raised(state.map()), members.with(version, nodes, members.groups(), members.gone()).begun(operation));
    }

    /** @return the same state, by identity, where the operation has begun already */
    static ControllerState remove(ControllerState state, ControllerEntry.RemoveNode remove) {
        Members members = state.members();
        if (begun(members, remove.token())) {
            return state;
        }
        checkKnown(members);
        if (members.find(remove.node()).isEmpty()) {
            throw new AvilaError(ErrorCode.NODE_NOT_FOUND,
                    "the region's nodes are " + members.nodes().stream().map(Members.Node::node).toList());
        }
        Optional<MemberOperation> coming = members.running()
                .filter(operation -> operation.kind() == Kind.ADD && operation.node().equals(remove.node()));
        if (coming.isPresent()) {
            return turned(state, remove, coming.get());
        }
        checkFree(members);
        int left = members.nodes().size() - 1;
        int replicas = members.groups().stream().mapToInt(group -> group.members().size()).max().orElse(1);
        if (left < replicas) {
            throw new AvilaError(ErrorCode.NODE_NEEDED,
                    "the region would have " + left + " nodes, and its groups have " + replicas + " replicas each");
        }
        MemberOperation operation = new MemberOperation(state.nextOperation(), remove.token(), Kind.REMOVE, RangeOperation.State.RUNNING,
                remove.node(), MemberPlan.going(members, remove.node()), 0, "");
        return state.begun(raised(state.map()), at(members, state.map().version() + 1).begun(operation));
    }

    /** A node that was coming goes: first the move under way is taken back, of which Raft may have half; then what it has already. */
    private static ControllerState turned(ControllerState state, ControllerEntry.RemoveNode remove, MemberOperation coming) {
        Members members = state.members();
        List<Move> moves = new ArrayList<>();
        members.move().filter(move -> !move.before().isEmpty())
                .ifPresent(move -> moves.add(new Move(move.group(), move.after(), move.before())));
        moves.addAll(MemberPlan.going(members, remove.node()));
        MemberOperation operation = new MemberOperation(state.nextOperation(), remove.token(), Kind.REMOVE, RangeOperation.State.RUNNING,
                remove.node(), moves, 0, "");
        return state.begun(raised(state.map()), at(members, state.map().version() + 1)
                .changed(coming.finished("the node is removed: operation " + operation.number())).begun(operation));
    }

    private static boolean begun(Members members, long token) {
        return members.operations().stream().anyMatch(operation -> operation.token() == token);
    }

    private static void checkKnown(Members members) {
        if (members.isNone()) {
            throw new AvilaError(ErrorCode.NOT_READY, "the controller doesn't know the region's nodes yet");
        }
    }

    private static void checkFree(Members members) {
        members.running().ifPresent(operation -> {
            throw new AvilaError(ErrorCode.MEMBERS_BUSY, "operation " + operation.number() + " is about " + operation.node());
        });
    }

    /** Raft has it, in the group's own log: the registry follows. @return the same state, by identity, where it was heard before */
    static ControllerState moved(ControllerState state, ControllerEntry.Moved moved) {
        Members members = state.members();
        Optional<MemberOperation> running = members.running().filter(operation -> operation.number() == moved.number());
        if (running.isEmpty() || running.get().done() != moved.move() || members.move().isEmpty()) {
            return state;
        }
        Move move = members.move().get();
        long version = state.map().version() + 1;
        Optional<GroupDescriptor> before = members.group(move.group());
        GroupDescriptor shape = before.orElseGet(
                () -> new GroupDescriptor(move.group(), GroupDescriptor.Kind.DATA, List.of(), move.after().getFirst(), version));
        NodeId leader = MemberPlan.leader(members, move, Optional.of(shape.preferredLeader()));
        List<GroupDescriptor> groups = new ArrayList<>(members.groups());
        before.ifPresent(groups::remove);
        groups.add(members.placed(shape, move.after(), leader, version));
        return state.with(raised(state.map()),
                members.with(version, members.nodes(), groups, members.gone()).changed(running.get().moved()));
    }

    /** All moves are made: a node that was to go is none of the region's any more. @return the same state, by identity, where that isn't so */
    static ControllerState ended(ControllerState state, ControllerEntry.EndMember end) {
        Members members = state.members();
        Optional<MemberOperation> running = members.running().filter(operation -> operation.number() == end.number());
        if (running.isEmpty() || running.get().done() != running.get().moves().size()) {
            return state;
        }
        MemberOperation operation = running.get();
        List<Members.Node> nodes = new ArrayList<>(members.nodes());
        List<Members.Node> gone = new ArrayList<>(members.gone());
        if (operation.kind() == Kind.REMOVE) {
            gone.add(members.find(operation.node()).orElseThrow());
            nodes.removeIf(node -> node.node().equals(operation.node()));
        }
        return state.with(raised(state.map()),
                members.with(state.map().version() + 1, nodes, members.groups(), gone).changed(operation.finished("")));
    }
}
