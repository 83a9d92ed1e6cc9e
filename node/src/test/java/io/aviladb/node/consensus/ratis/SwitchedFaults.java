package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.LinkFaults;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Faults that a test switches on and off. */
final class SwitchedFaults implements LinkFaults {
    private record Link(NodeId from, NodeId to) {}

    private final Set<Link> cut = ConcurrentHashMap.newKeySet();
    volatile Duration delay = Duration.ZERO;

    void cut(NodeId a, NodeId b) {
        cut.add(new Link(a, b));
        cut.add(new Link(b, a));
    }

    void heal() {
        cut.clear();
    }

    @Override
    public boolean isCut(NodeId from, NodeId to) {
        return cut.contains(new Link(from, to));
    }

    @Override
    public Duration oneWayDelay(NodeId from, NodeId to) {
        return delay;
    }
}
