package io.aviladb.replication.serve;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.replication.feed.FollowRequest;
import io.aviladb.replication.feed.FrameEncoder;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.feed.Piece;
import io.aviladb.replication.spi.FeedReader;
import io.aviladb.replication.spi.FeedView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The serving end of one link. Pieces that stand behind the others, or behind what the feed has lost, are brought up first, one after the
 * other; then all go on together. A frame is made only when there is credit, so a slow receiver costs nothing here but its cursor.
 *
 * <p>Work runs on the pool, one task at a time.
 */
public final class FeedStream implements NodeStream {
    /** How often a closed mark travels alone, with no change to carry it. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
    /**
     * The least time between two frames of a stream that keeps up. A change after a pause goes at once; those that follow share a frame, and
     * with it an entry of the receiver's log, a compression and a write of its store. Larger saves more of both ends, and is added to the
     * lag under load.
     */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

    private static final long NO_ALARM = Long.MAX_VALUE;

    private final FeedReader reader;
    private final NodeStream.Receiver receiver;
    private final FeedBatcher batcher;
    private final FrameEncoder frames = new FrameEncoder();
    private final ScheduledExecutorService pool;
    private final LongSupplier nanoTime;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AutoCloseable subscription;
    private volatile boolean cancelled;
    private volatile int credit; // guarded by this
    private volatile boolean again;
    private volatile long alarm = NO_ALARM; // when a timer wakes this stream

    // Owned by the task that runs.
    private List<Piece> pieces;
    private @Nullable Piece rebasing; // to its end, whichever others fall behind meanwhile
    private @Nullable DocumentKey rebaseAfter;
    private @Nullable HybridTimestamp rebaseUntil;
    private boolean backlog; // the last frame left something behind
    private long lastFrame;

    private FeedStream(FeedReader reader, RegionIncarnation region, int group, FollowRequest request, NodeStream.Receiver receiver,
            ScheduledExecutorService pool, LongSupplier nanoTime) {
        this.reader = reader;
        this.receiver = receiver;
        this.batcher = new FeedBatcher(region, group);
        this.pool = pool;
        this.nanoTime = nanoTime;
        this.lastFrame = nanoTime.getAsLong() - QUIET_NANOS;
        this.pieces = request.pieces();
        this.subscription = reader.onApplied(this::wake);
    }

    /**
     * @param nanoTime monotonic, for pacing
     * @throws NodeRefusal where the pieces aren't this replica's, or another life of the region is expected
     */
    public static NodeStream open(FeedReader reader, RegionIncarnation region, int group, FollowRequest request,
            NodeStream.Receiver receiver, ScheduledExecutorService pool, LongSupplier nanoTime) {
        if (!request.source().equals(region)) {
            throw NodeRefusal.of(ErrorCode.RANGE_MOVED, "incarnation " + request.source() + " was expected, this is " + region);
        }
        try (FeedView view = reader.view()) {
            request.pieces().forEach(piece -> speaksThrough(view, piece));
        }
        reader.wantTick();
        return new FeedStream(reader, region, group, request, receiver, pool, nanoTime);
    }

    private static HybridTimestamp speaksThrough(FeedView view, Piece piece) {
        return view.speaksThrough(piece.interval())
                .orElseThrow(() -> NodeRefusal.of(ErrorCode.RANGE_MOVED, "range " + piece.sourceRange() + " isn't here"));
    }

    @Override
    public void request(int frames) {
        synchronized (this) {
            credit += frames;
        }
        wake();
    }

    @Override
    public void cancel() {
        cancelled = true;
        frames.close();
        try {
            subscription.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void wake() {
        again = true;
        if (!cancelled && credit > 0 && scheduled.compareAndSet(false, true)) {
            pool.execute(this::run);
        }
    }

    private void run() {
        try {
            while (!cancelled && credit > 0) {
                again = false;
                byte[] frame = nextFrame();
                if (frame == null) {
                    if (!again) {
                        break;
                    }
                    continue;
                }
                synchronized (this) {
                    credit--;
                }
                lastFrame = nanoTime.getAsLong();
                receiver.onFrame(frame);
            }
        } catch (RuntimeException e) {
            if (!cancelled) {
                cancel();
                receiver.onError(e instanceof NodeRefusal refusal
                        ? refusal
                        : NodeRefusal.of(ErrorCode.STORAGE_DAMAGED, "the feed can't be read now: " + e));
            }
        } finally {
            scheduled.set(false);
            if (again && credit > 0) {
                wake();
            }
        }
    }

    private byte @Nullable [] nextFrame() {
        HybridTimestamp least = pieces.stream().map(Piece::from).min(Comparator.naturalOrder()).orElseThrow();
        if (least.compareTo(reader.applied()) >= 0) {
            return null;
        }
        if (isCaughtUp() && isLater(lastFrame + GATHER_NANOS)) {
            return null;
        }
        try (FeedView view = reader.view()) {
            return nextFrame(view);
        }
    }

    /** @throws NodeRefusal where a piece has gone to another group: the link asks that one, from its cursor on */
    private byte @Nullable [] nextFrame(FeedView view) {
        Map<Piece, HybridTimestamp> ends = new HashMap<>();
        pieces.forEach(piece -> ends.put(piece, speaksThrough(view, piece).min(view.applied())));
        // A piece that is frozen here is followed up to its end and waits there, without holding up the others.
        List<Piece> open = pieces.stream().filter(piece -> piece.from().compareTo(ends.getOrDefault(piece, HybridTimestamp.ZERO)) < 0)
                .toList();
        if (open.isEmpty()) {
            return null;
        }
        Piece behind = rebasing != null
                ? rebasing
                : open.stream().filter(piece -> piece.from().compareTo(view.feedFrom(piece.interval())) < 0).findFirst().orElse(null);
        if (behind != null) {
            return rebase(view, behind, ends.getOrDefault(behind, view.applied()));
        }
        HybridTimestamp least = open.stream().map(Piece::from).min(Comparator.naturalOrder()).orElseThrow();
        List<Piece> together = open.stream().filter(piece -> piece.from().equals(least)).toList();
        HybridTimestamp end = together.stream().map(piece -> ends.getOrDefault(piece, HybridTimestamp.ZERO)).min(Comparator.naturalOrder())
                .orElseThrow();
        FeedView bounded = end.equals(view.applied()) ? view : new BoundedView(view, end);
        LinkBatch batch = batcher.next(bounded, together);
        HybridTimestamp nextPiece = open.stream().map(Piece::from).filter(from -> from.isAfter(least)).min(Comparator.naturalOrder())
                .orElse(HybridTimestamp.MAX);
        if (batch.to().isAfter(nextPiece) && !batch.changes().isEmpty()) {
            batch = batcher.next(new BoundedView(bounded, nextPiece), together); // up to where the next piece stands: then they go on together
        }
        boolean silent = batch.changes().isEmpty() && batch.rows().isEmpty() && batch.marks().isEmpty();
        if (silent && together.size() == pieces.size() && isLater(lastFrame + QUIET_NANOS)) {
            return null;
        }
        backlog = together.size() < open.size() || batch.to().compareTo(batch.closed()) < 0;
        advance(together, batch.to());
        return frames.encode(batch.encode());
    }

    private boolean isCaughtUp() {
        return !backlog && rebasing == null && pieces.get(0).from().equals(pieces.get(pieces.size() - 1).from());
    }

    /** Whether the time is still to come; then a timer wakes this stream, at most one for each time. */
    private boolean isLater(long nanos) {
        long left = nanos - nanoTime.getAsLong();
        if (left <= 0) {
            return false;
        }
        if (alarm == NO_ALARM || nanos - alarm < 0) {
            alarm = nanos;
            var unused = pool.schedule(() -> ring(nanos), left, TimeUnit.NANOSECONDS);
        }
        return true;
    }

    private void ring(long nanos) {
        if (alarm == nanos) {
            alarm = NO_ALARM;
        }
        wake();
    }

    private byte[] rebase(FeedView view, Piece piece, HybridTimestamp end) {
        HybridTimestamp until = rebaseUntil;
        if (until == null) {
            until = end;
            rebaseUntil = until;
            rebasing = piece;
            rebaseAfter = null;
        }
        FeedBatcher.Rebase step = batcher.rebase(view, piece, rebaseAfter, until);
        rebaseAfter = step.after();
        if (step.after() == null) {
            rebaseUntil = null;
            rebasing = null;
            advance(List.of(piece), until);
        }
        return frames.encode(step.batch().encode());
    }

    private void advance(List<Piece> moved, HybridTimestamp to) {
        List<Piece> next = new ArrayList<>(pieces.size());
        for (Piece piece : pieces) {
            next.add(moved.contains(piece) ? new Piece(piece.targetRange(), piece.sourceRange(), piece.interval(), to) : piece);
        }
        next.sort(Comparator.comparing(Piece::from));
        pieces = next;
    }
}
