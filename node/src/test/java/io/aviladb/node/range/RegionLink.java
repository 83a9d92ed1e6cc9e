package io.aviladb.node.range;

import io.aviladb.core.schedule.InlinePool;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.node.link.StoreFeed;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.replication.feed.FollowRequest;
import io.aviladb.replication.feed.FrameDecoder;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.feed.Piece;
import io.aviladb.replication.serve.FeedStream;
import io.aviladb.replication.spi.LocalProposer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A link whose frames are made by the real serving end, and then wait: the test delivers, repeats, reorders or drops them. */
final class RegionLink {
    private static final long A_LONG_TIME = 1_000_000_000;

    final RegionReplica target;
    final RegionReplica source;
    /** On their way. */
    final List<LinkBatch> inFlight = new ArrayList<>();
    private long now; // frames don't wait for one another here: the test paces them
    private @Nullable List<Piece> ahead; // where the stream goes on, ahead of the cursors

    RegionLink(RegionReplica target, RegionReplica source) {
        this.target = target;
        this.source = source;
    }

    HybridTimestamp cursor() {
        return target.owned().cursor(source.self, target.owned().keys());
    }

    /** The stream is over; the next batch begins at the cursor. */
    void reconnect() {
        ahead = null;
    }

    /** Asks for one more frame of the stream; empty where there is nothing new. */
    Optional<LinkBatch> pull() {
        List<Piece> from = ahead == null ? pieces() : ahead;
        Optional<LinkBatch> batch = frames(from, 1).stream().findFirst();
        batch.ifPresent(next -> {
            inFlight.add(next);
            ahead = from.stream().map(piece -> next.pieces().contains(piece)
                    ? new Piece(piece.targetRange(), piece.sourceRange(), piece.interval(), next.to())
                    : piece).toList();
        });
        return batch;
    }

    /** A frame for some of the target's ranges only. */
    Optional<LinkBatch> pullOf(List<Long> targetRanges) {
        return frames(pieces().stream().filter(piece -> targetRanges.contains(piece.targetRange())).toList(), 1).stream().findFirst();
    }

    /** What the two regions' ranges share, with their cursors. */
    List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        for (OwnedRange mine : target.inOrder()) {
            for (OwnedRange theirs : source.inOrder()) {
                mine.keys().intersect(theirs.keys()).ifPresent(shared -> mine.cursors(source.self, shared)
                        .forEach((part, cursor) -> pieces.add(new Piece(mine.ref().range(), theirs.ref().range(), part, cursor))));
            }
        }
        return pieces;
    }

    Optional<LinkBatch> frame(HybridTimestamp from) {
        List<LinkBatch> frames = frames(from, 1);
        return frames.isEmpty() ? Optional.empty() : Optional.of(frames.get(0));
    }

    /** As many frames of a stream that begins at the position as are there now, at most so many. */
    List<LinkBatch> frames(HybridTimestamp from, int credit) {
        return frames(List.of(new Piece(target.range.range(), source.range.range(), target.owned().keys(), from)), credit);
    }

    private List<LinkBatch> frames(List<Piece> pieces, int credit) {
        FollowRequest request = new FollowRequest(source.self, pieces);
        List<LinkBatch> frames = new ArrayList<>();
        NodeStream stream = FeedStream.open(new StoreFeed(source.machine, () -> {}), source.self, source.self.number(), request,
                new NodeStream.Receiver() {
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
        stream.request(credit);
        stream.cancel();
        return frames;
    }

    LocalProposer.Outcome deliver(LinkBatch batch) {
        inFlight.remove(batch);
        LocalProposer.Outcome outcome = target.deliver(batch);
        if (outcome == LocalProposer.Outcome.STALE) {
            reconnect();
        }
        return outcome;
    }

    /** Everything that the source has now arrives; what was on its way is lost. */
    void catchUp() {
        inFlight.clear();
        reconnect();
        while (pull().map(this::deliver).isPresent()) {
            reconnect();
        }
    }
}
