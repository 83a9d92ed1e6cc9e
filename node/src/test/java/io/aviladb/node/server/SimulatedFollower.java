package io.aviladb.node.server;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.schedule.InlinePool;
import io.aviladb.node.controller.RangeMap;
import io.aviladb.node.link.StoreFeed;
import io.aviladb.node.range.GroupEntry;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.replication.feed.FollowRequest;
import io.aviladb.replication.feed.FrameDecoder;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.feed.Piece;
import io.aviladb.replication.serve.FeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Follows a group's feed by a map of its region that may be old, through the real serving end. */
final class SimulatedFollower {
    private static final long A_LONG_TIME = 1_000_000_000;

    private long now;

    /** The next frame of what the target shares with the source; empty where there is none, or the source refuses. */
    Optional<LinkBatch> pull(SimulatedGroup target, SimulatedGroup source, List<KeyRange> believed) {
        List<Piece> pieces = new ArrayList<>();
        for (OwnedRange mine : target.machine.ranges().values()) {
            for (KeyRange theirs : believed) {
                mine.keys().intersect(theirs).ifPresent(shared -> mine.cursors(source.self, shared)
                        .forEach((part, cursor) -> pieces.add(new Piece(mine.ref().range(), 1, part, cursor))));
            }
        }
        if (pieces.isEmpty()) {
            return Optional.empty();
        }
        List<LinkBatch> frames = new ArrayList<>();
        try {
            NodeStream stream = FeedStream.open(new StoreFeed(source.machine, () -> {}), source.self, source.number,
                    new FollowRequest(source.self, pieces), new NodeStream.Receiver() {
                        private final FrameDecoder decoder = new FrameDecoder();

                        @Override
                        public void onFrame(byte[] frame) {
                            frames.add(LinkBatch.decode(decoder.decode(frame)));
                        }

                        @Override
                        public void onEnd() {
                            throw new AssertionError("a feed has no end");
                        }

                        @Override
                        public void onError(Throwable cause) {
                            throw new AssertionError("the feed broke", cause);
                        }
                    }, new InlinePool(), () -> now += A_LONG_TIME);
            stream.request(1);
            stream.cancel();
        } catch (NodeRefusal refusal) {
            return Optional.empty();
        }
        return frames.stream().findFirst();
    }

    /** Whatever the source has and the map says arrives. */
    void catchUp(SimulatedGroup target, SimulatedGroup source, List<KeyRange> believed) {
        for (int frame = 0; frame < 50; frame++) {
            Optional<LinkBatch> batch = pull(target, source, believed);
            if (batch.isEmpty()) {
                return;
            }
            target.apply(new GroupEntry.Pulled(batch.get()));
        }
    }

    static List<KeyRange> keys(RangeMap map, int group) {
        return map.ranges().stream().filter(range -> range.group() == group).map(RangeMap.Range::keys).toList();
    }
}
