package io.aviladb.node.link;

import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.node.group.DataGroup;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.replication.feed.FollowRequest;
import io.aviladb.replication.serve.FeedStream;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/** Serves the feeds of this node's groups. */
public final class Feeds {
    private final RegionIncarnation self;
    private final ScheduledExecutorService pool;
    private final LongSupplier nanoTime;

    /** @param nanoTime monotonic, for pacing */
    public Feeds(RegionIncarnation self, ScheduledExecutorService pool, LongSupplier nanoTime) {
        this.self = self;
        this.pool = pool;
        this.nanoTime = nanoTime;
    }

    public NodeStream open(DataGroup group, byte[] payload, NodeStream.Receiver receiver) {
        return FeedStream.open(new StoreFeed(group.machine(), group::wantTick), self, group.descriptor().number(),
                FollowRequest.decode(payload), receiver, pool, nanoTime);
    }
}
