package io.aviladb.router.query;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.proto.node.FragmentFrame;
import io.aviladb.proto.node.FragmentRequest;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.proto.node.StreamRequest;
import io.aviladb.query.merge.QueryBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One fragment at one node: collects its frames. A node that falls silent is given up, and one whose answer isn't wanted any more is told so. */
final class FragmentCall implements NodeStream.Receiver {
    private static final int WINDOW = 4;
    /** A node that works tells so more often than this. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final Scheduler scheduler;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final List<byte[]> pieces = new ArrayList<>(); // of the stream's thread until the end
    private final List<ScanReply.Row> held = new ArrayList<>();
    private long bytes;
    private volatile int frames;
    private volatile @Nullable NodeStream stream;
    private volatile FragmentFrame.@Nullable End end;
    private volatile Scheduler.@Nullable Task timer;

    /** The partial result in pieces, and what it took. */
    record Answer(List<byte[]> pieces, List<ScanReply.Row> held, FragmentFrame.End end) {}

    private FragmentCall(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Fails as a call to a node does. Completing it from outside ends the work at the node. */
    static CompletableFuture<Answer> open(NodeApi node, int group, FragmentRequest request, Scheduler scheduler) {
        FragmentCall call = new FragmentCall(scheduler);
        call.watch(SILENCE.plusMillis(request.terms().timeoutMillis()), 0);
        var unused = call.answer.whenComplete((value, failure) -> call.close());
        NodeStream opened = node.open(new StreamRequest(StreamRequest.Kind.QUERY, group, request.encode()), call);
        call.stream = opened;
        if (call.answer.isDone()) {
            call.close();
        } else {
            opened.request(WINDOW);
        }
        return call.answer;
    }

    private void watch(Duration silence, int framesBefore) {
        timer = scheduler.schedule(silence, () -> {
            if (answer.isDone()) {
                return;
            } else if (frames == framesBefore) {
                answer.completeExceptionally(new IllegalStateException("the node has fallen silent"));
            } else {
                watch(SILENCE, frames);
            }
        });
    }

    private void close() {
        Scheduler.Task pending = timer;
        if (pending != null) {
            pending.cancel();
        }
        NodeStream open = stream;
        if (open != null && end == null) {
            open.cancel();
        }
    }

    @Override
    public void onFrame(byte[] frame) {
        frames++;
        try {
            switch (FragmentFrame.decode(frame)) {
                case FragmentFrame.Progress progress -> request();
                case FragmentFrame.Piece piece -> {
                    bytes += piece.bytes().length;
                    if (bytes > QueryBudget.DEFAULT_BYTES) {
                        throw new AvilaError(ErrorCode.QUERY_BUDGET,
                                "Merge needs more than the " + QueryBudget.DEFAULT_BYTES + " bytes that a query may keep");
                    }
                    pieces.add(piece.bytes());
                    request();
                }
                case FragmentFrame.Held rows -> {
                    held.addAll(rows.rows());
                    request();
                }
                case FragmentFrame.End last -> end = last;
            }
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private void request() {
        NodeStream open = stream;
        if (open != null) {
            open.request(1);
        }
    }

    @Override
    public void onEnd() {
        FragmentFrame.End last = end;
        if (last == null) {
            answer.completeExceptionally(new IllegalStateException("the stream ended without its last frame"));
        } else {
            answer.complete(new Answer(List.copyOf(pieces), List.copyOf(held), last));
        }
    }

    @Override
    public void onError(Throwable cause) {
        answer.completeExceptionally(cause);
    }
}
