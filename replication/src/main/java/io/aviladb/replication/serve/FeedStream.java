package io.aviladb.replication.serve;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.replication.feed.Compression;
import io.aviladb.replication.feed.FollowRequest;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.feed.Piece;
import io.aviladb.replication.spi.FeedReader;
import io.aviladb.replication.spi.FeedView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The serving end of one link. Pieces that stand behind the others, or behind what the feed has lost, are brought up first, one after the
 * other; then all go on together. A frame is made only when there is credit, so a slow receiver costs nothing here but its cursor.
 *
 * <p>Work runs on the pool, one task at a time.
 */
public final class FeedStream implements NodeStream {
    /** How often a closed mark travels alone, with no change to carry it. */
    private static final long QUIET_MILLIS = 400;

    private final FeedReader reader;
    private final NodeStream.Receiver receiver;
    private final FeedBatcher batcher;
    private final ScheduledExecutorService pool;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AutoCloseable subscription;
    private volatile boolean cancelled;
    private volatile int credit; // guarded by this
    private volatile boolean again;

    // Owned by the task that runs.
    private List<Piece> pieces;
    private @Nullable Piece rebasing; // to its end, whichever others fall behind meanwhile
    private @Nullable DocumentKey rebaseAfter;
    private @Nullable HybridTimestamp rebaseUntil;
    private long lastFrameNanos = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS);

    private FeedStream(FeedReader reader, RegionIncarnation region, int group, FollowRequest request, NodeStream.Receiver receiver,
            ScheduledExecutorService pool) {
        this.reader = reader;
        this.receiver = receiver;
        this.batcher = new FeedBatcher(region, group);
        this.pool = pool;
        this.pieces = request.pieces();
        this.subscription = reader.onApplied(this::wake);
    }

    /** @throws NodeRefusal where the pieces aren't this replica's, or another life of the region is expected */
    public static NodeStream open(FeedReader reader, RegionIncarnation region, int group, FollowRequest request,
            NodeStream.Receiver receiver,
            ScheduledExecutorService pool) {
        if (!request.source().equals(region)) {
            throw NodeRefusal.of(ErrorCode.RANGE_MOVED, "incarnation " + request.source() + " was expected, this is " + region);
        }
        for (Piece piece : request.pieces()) {
            if (!reader.owns(piece.sourceRange(), piece.interval())) {
                throw NodeRefusal.of(ErrorCode.RANGE_MOVED, "range " + piece.sourceRange() + " isn't here");
            }
        }
        reader.wantTick();
        return new FeedStream(reader, region, group, request, receiver, pool);
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
                lastFrameNanos = System.nanoTime();
                receiver.onFrame(frame);
            }
        } catch (RuntimeException e) {
            if (!cancelled) {
                cancel();
                receiver.onError(NodeRefusal.of(ErrorCode.STORAGE_DAMAGED, "the feed can't be read now: " + e));
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
        try (FeedView view = reader.view()) {
            Piece behind = rebasing != null
                    ? rebasing
                    : pieces.stream().filter(piece -> piece.from().compareTo(view.feedTrimmedThrough()) < 0).findFirst().orElse(null);
            if (behind != null) {
                return rebase(view, behind);
            }
            List<Piece> together = pieces.stream().filter(piece -> piece.from().equals(least)).toList();
            LinkBatch batch = batcher.next(view, together);
            HybridTimestamp nextPiece = pieces.stream().map(Piece::from).filter(from -> from.isAfter(least)).min(Comparator.naturalOrder())
                    .orElse(HybridTimestamp.MAX);
            if (batch.to().isAfter(nextPiece) && !batch.changes().isEmpty()) {
                batch = batcher.next(new BoundedView(view, nextPiece), together); // up to where the next piece stands: then they go on together
            }
            boolean silent = batch.changes().isEmpty() && batch.rows().isEmpty() && batch.marks().isEmpty();
            if (silent && together.size() == pieces.size()) {
                long quietNanos = System.nanoTime() - lastFrameNanos;
                long left = TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS) - quietNanos;
                if (left > 0) {
                    var unused = pool.schedule(this::wake, left, TimeUnit.NANOSECONDS);
                    return null;
                }
            }
            advance(together, batch.to());
            return Compression.compress(batch.encode());
        }
    }

    private byte[] rebase(FeedView view, Piece piece) {
        HybridTimestamp until = rebaseUntil;
        if (until == null) {
            until = view.applied();
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
        return Compression.compress(step.batch().encode());
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
