package io.aviladb.node.controller;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.GroupDescriptor.Kind;
import io.aviladb.proto.node.MemberOperation.Move;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which replicas move when a node comes or goes. Pure, and the same on all replicas of the controller.
 *
 * <p>A node that comes founds a data group where the region has more nodes than data groups, and takes replicas from those that have most until it
 * has as many as the others. A node that goes hands each of its replicas to the node that has fewest. Every move takes one node in, or one out, or
 * one for another, so that a group never has fewer replicas than before.
 */
final class MemberPlan {
    /** A group's replicas, as far as there are nodes. */
    static final int REPLICAS = 3;

    private final TreeMap<Integer, GroupDescriptor> groups = new TreeMap<>();
    private final TreeMap<Integer, List<NodeId>> placed = new TreeMap<>();
    private final TreeSet<NodeId> nodes = new TreeSet<>();
    private final List<Move> moves = new ArrayList<>();

    private MemberPlan(Members members) {
        members.nodes().forEach(node -> nodes.add(node.node()));
        for (GroupDescriptor group : members.groups()) {
            groups.put(group.number(), group);
            placed.put(group.number(), group.nodes());
        }
    }

    static List<Move> coming(Members members, NodeId node, int mostDataGroups) {
        MemberPlan plan = new MemberPlan(members);
        plan.nodes.add(node);
        int replicas = Math.min(REPLICAS, plan.nodes.size());
        boolean isOnlyRegion = plan.groups.values().stream().filter(group -> group.kind() == Kind.CATALOG)
                .anyMatch(group -> group.members().size() > 1) || members.nodes().size() < REPLICAS;
        for (GroupDescriptor group : List.copyOf(plan.groups.values())) {
            boolean grows = group.kind() != Kind.CATALOG || isOnlyRegion && group.members().size() == members.nodes().size();
            if (grows && plan.at(group.number()).size() < replicas) {
                plan.move(group.number(), Optional.of(node), Optional.empty());
            }
        }
        int dataGroups = members.dataGroups().size();
        if (dataGroups < plan.nodes.size() && dataGroups < mostDataGroups) {
            plan.found(node, replicas);
        }
        plan.balance(node);
        return plan.moves;
    }

    static List<Move> going(Members members, NodeId node) {
        MemberPlan plan = new MemberPlan(members);
        plan.nodes.remove(node);
        for (int group : List.copyOf(plan.placed.keySet())) {
            if (plan.at(group).contains(node)) {
                plan.move(group, plan.fewest(plan.at(group)), Optional.of(node));
            }
        }
        return plan.moves;
    }

    private void found(NodeId node, int replicas) {
        int number = placed.lastKey() + 1;
        List<NodeId> members = new ArrayList<>(List.of(node));
        while (members.size() < replicas) {
            members.add(fewest(members).orElseThrow());
        }
        placed.put(number, members);
        moves.add(new Move(number, List.of(), members));
    }

    /** The newcomer takes from whoever has most until it has as many as that one, less one. */
    private void balance(NodeId node) {
        for (int guard = 0; guard < placed.size(); guard++) {
            Map<NodeId, Long> loads = loads();
            Optional<NodeId> most = nodes.stream().filter(other -> !other.equals(node) && takeable(other, node).isPresent())
                    .max(Comparator.<NodeId>comparingLong(one -> load(loads, one)).thenComparing(Comparator.reverseOrder()));
            if (most.isEmpty() || load(loads, most.get()) <= load(loads, node) + 1) {
                return;
            }
            move(takeable(most.get(), node).orElseThrow(), Optional.of(node), most);
        }
    }

    /** A group that the one has and the other lacks; rather one that it isn't preferred to lead, and data rather than the controller. */
    private Optional<Integer> takeable(NodeId from, NodeId to) {
        return groups.values().stream().filter(group -> group.kind() != Kind.CATALOG)
                .filter(group -> at(group.number()).contains(from) && !at(group.number()).contains(to))
                .min(Comparator.<GroupDescriptor, Boolean>comparing(group -> group.preferredLeader().equals(from))
                        .thenComparing(group -> group.kind() == Kind.CONTROLLER).thenComparing(GroupDescriptor::number))
                .map(GroupDescriptor::number);
    }

    private List<NodeId> at(int group) {
        return Objects.requireNonNull(placed.get(group));
    }

    private static long load(Map<NodeId, Long> loads, NodeId node) {
        return loads.getOrDefault(node, 0L);
    }

    private Map<NodeId, Long> loads() {
        Map<NodeId, Long> loads = new TreeMap<>();
        nodes.forEach(node -> loads.put(node, placed.values().stream().filter(group -> group.contains(node)).count()));
        return loads;
    }

    private Optional<NodeId> fewest(List<NodeId> except) {
        Map<NodeId, Long> loads = loads();
        return nodes.stream().filter(node -> !except.contains(node))
                .min(Comparator.<NodeId>comparingLong(one -> load(loads, one)).thenComparing(Comparator.naturalOrder()));
    }

    private void move(int group, Optional<NodeId> comes, Optional<NodeId> goes) {
        List<NodeId> before = at(group);
        List<NodeId> after = new ArrayList<>(before);
        goes.ifPresent(after::remove);
        comes.ifPresent(after::add);
        placed.put(group, after);
        moves.add(new Move(group, before, after));
    }

    /** Who is to lead a group that moves: who was, or of those that stay whoever is to lead fewest others. */
    static NodeId leader(Members members, Move move, Optional<NodeId> before) {
        return before.filter(move.after()::contains).orElseGet(() -> move.after().stream()
                .min(Comparator.<NodeId>comparingLong(
                        node -> members.groups().stream().filter(group -> group.preferredLeader().equals(node)).count())
                        .thenComparing(move.after()::indexOf))
                .orElseThrow());
    }
}
