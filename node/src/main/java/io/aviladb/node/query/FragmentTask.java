package io.aviladb.node.query;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.FragmentFrame;
import io.aviladb.proto.node.FragmentRequest;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.PartialCodec;
import io.aviladb.query.merge.QueryMemory;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One fragment: waits until the group's state is good enough, scans in slices, sends the result as fast as it is asked for. Runs on the
 * executor, one slice at a time; what isn't guarded is the running slice's own.
 */
final class FragmentTask implements NodeStream {
    /** Pieces of a result have about this size. */
    private static final int PIECE_BYTES = 256 << 10;
    private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final GroupReader reader;
    private final FragmentRequest request;
    private final Fragment fragment;
    private final NodeStream.Receiver receiver;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final QueryMemory memory;
    private final Runnable onClosed;
    private final long startedAt;
    private final Queue<byte[]> frames = new ArrayDeque<>();
    private @Nullable FragmentScan scan; // while documents are left
    private boolean closed;
    private long lastFrameAt;

    private int credit; // guarded by this
    private boolean cancelled; // guarded by this
    private boolean scheduled = true; // guarded by this: a slice runs or will, or the state is waited for

    FragmentTask(GroupReader reader, FragmentRequest request, Fragment fragment, NodeStream.Receiver receiver, Executor executor,
            LongSupplier nanoTime, QueryMemory memory, Runnable onClosed) {
        this.reader = reader;
        this.request = request;
        this.fragment = fragment;
        this.receiver = receiver;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.memory = memory;
        this.onClosed = onClosed;
        this.startedAt = nanoTime.getAsLong();
        this.lastFrameAt = startedAt;
    }

    void start() {
        reader.reached(request.terms(), request.range()).whenComplete((reached, failure) -> execute(() -> {
            if (failure != null) {
                fail(failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure);
            } else if (!isCancelled()) {
                begin();
            }
            slice(); // the first, at once: most fragments are done with it, and others wait before each turn
        }));
    }

    private void begin() {
        try {
            scan = FragmentScan.open(reader, request, fragment, nanoTime, memory);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    @Override
    public void request(int more) {
        synchronized (this) {
            credit += more;
        }
        wake();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            cancelled = true;
        }
        wake();
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private synchronized boolean takeCredit() {
        if (credit == 0) {
            return false;
        }
        credit--;
        return true;
    }

    private void wake() {
        synchronized (this) {
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        execute(this::slice);
    }

    private void execute(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException stopping) {
            release();
            receiver.onError(NodeRefusal.of(ErrorCode.NO_LEADER, "the node is stopping"));
        }
    }

    private void slice() {
        try {
            if (closed || isCancelled()) {
                release();
            } else if (nanoTime.getAsLong() - startedAt > TimeUnit.MILLISECONDS.toNanos(request.timeoutMillis())) {
                fail(NodeRefusal.of(ErrorCode.TIMED_OUT, "the time ran out at the node"));
            } else if (scan != null) {
                scan(scan);
            } else {
                send();
            }
        } catch (RuntimeException e) {
            fail(e);
        }
        next();
    }

    private void scan(FragmentScan running) {
        if (running.slice()) {
            FragmentFrame.End end = running.end((nanoTime.getAsLong() - startedAt) / 1_000);
            PartialCodec.pieces(running.result(), PIECE_BYTES).forEach(piece -> frames.add(new FragmentFrame.Piece(piece).encode()));
            if (!running.held().isEmpty()) {
                frames.add(new FragmentFrame.Held(running.held()).encode());
            }
            frames.add(end.encode());
            running.close(); // from here on the bytes are all that is kept
            scan = null;
            send();
        } else if (nanoTime.getAsLong() - lastFrameAt > PROGRESS_NANOS && takeCredit()) {
            frame(new FragmentFrame.Progress(running.documents()).encode());
        }
    }

    private void send() {
        while (!frames.isEmpty() && takeCredit()) {
            frame(frames.remove());
        }
        if (frames.isEmpty()) {
            release();
            receiver.onEnd();
        }
    }

    private void frame(byte[] bytes) {
        lastFrameAt = nanoTime.getAsLong();
        receiver.onFrame(bytes);
    }

    /** Goes on, or sleeps until there is credit or nobody wants the answer any more. */
    private void next() {
        synchronized (this) {
            boolean awake = !closed && (scan != null || cancelled || credit > 0);
            scheduled = awake;
            if (!awake) {
                return;
            }
        }
        execute(this::slice);
    }

    private void fail(Throwable cause) {
        if (!closed) {
            release();
            receiver.onError(cause instanceof AvilaError error ? NodeRefusal.of(error) : cause);
        }
    }

    private void release() {
        if (!closed) {
            closed = true;
            frames.clear();
            if (scan != null) {
                scan.close();
                scan = null;
            }
            onClosed.run();
        }
    }
}
