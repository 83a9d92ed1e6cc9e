package io.aviladb.node.consensus;

import io.aviladb.core.region.NodeId;
import java.time.Duration;

/** Injected faults and simulated distance between nodes. Read on every message: answers from memory. */
public interface LinkFaults {
    LinkFaults NONE = new LinkFaults() {
        @Override
        public boolean isCut(NodeId from, NodeId to) {
            return false;
        }

        @Override
        public Duration oneWayDelay(NodeId from, NodeId to) {
            return Duration.ZERO;
        }
    };

    /** Whether messages from one node to the other are lost. */
    boolean isCut(NodeId from, NodeId to);

    /** How long a message takes from one node to the other. */
    Duration oneWayDelay(NodeId from, NodeId to);
}
