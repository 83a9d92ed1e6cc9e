package io.aviladb.node.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.time.Clock;
import io.aviladb.proto.node.FaultTable;

/** A clock whose wall time an injected fault shifts. Its durations are never touched. */
record FaultyClock(Clock inner, FaultTable faults, NodeId node) implements Clock {
    @Override
    public long millis() {
        return inner.millis() + faults.current().clockOffsetMillis(node);
    }

    @Override
    public long nanos() {
        return inner.nanos();
    }
}
