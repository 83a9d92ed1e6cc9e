package io.aviladb.replication.link;

import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.replication.feed.FrameDecoder;
import io.aviladb.replication.feed.LinkBatch;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs one {@link LinkMachine}: events are taken one at a time on the executor; effects are done in their order. */
public final class Link implements AutoCloseable {
    private final LinkMachine machine;
    private final LinkEnvironment environment;
    private final Scheduler scheduler;
    private final Executor executor;
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>(); // guarded by itself
    private boolean running; // guarded by inbox
    private @Nullable NodeStream stream; // owned by the executor's task, as is the following
    private FrameDecoder frames = new FrameDecoder(); // of the stream
    private final java.time.InstantSource wallClock;
    private volatile LinkProgress progress = new LinkProgress(-1, 0, "connecting", 0, 0);

    public Link(String name, LinkEnvironment environment, Scheduler scheduler, Executor executor, java.time.InstantSource wallClock) {
        this.machine = new LinkMachine(name);
        this.environment = environment;
        this.scheduler = scheduler;
        this.executor = executor;
        this.wallClock = wallClock;
        post(() -> step(new LinkEvent.RetryDue()));
    }

    /** The ranges of one of the sides have changed. */
    public void piecesChanged() {
        post(() -> step(new LinkEvent.PiecesChanged()));
    }

    public LinkProgress progress() {
        post(() -> progress = machine.progress(wallClock.millis()));
        return progress;
    }

    @Override
    public void close() {
        post(() -> step(new LinkEvent.Stopped()));
    }

    private void post(Runnable task) {
        synchronized (inbox) {
            inbox.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        executor.execute(this::drain);
    }

    private void drain() {
        while (true) {
            Runnable task;
            synchronized (inbox) {
                task = inbox.poll();
                if (task == null) {
                    running = false;
                    return;
                }
            }
            task.run();
        }
    }

    private void step(LinkEvent event) {
        for (LinkEffect effect : machine.step(event)) {
            perform(effect);
        }
    }

    private void perform(LinkEffect effect) {
        switch (effect) {
            case LinkEffect.ReadCursors read -> step(new LinkEvent.Cursors(environment.cursors()));
            case LinkEffect.Open open -> {
                frames.close();
                frames = new FrameDecoder();
                stream = environment.open(open.request(), new FrameReceiver(open.stream(), frames));
            }
            case LinkEffect.Credit credit -> {
                if (stream != null) {
                    stream.request(credit.frames());
                }
            }
            case LinkEffect.Close close -> {
                if (stream != null) {
                    stream.cancel();
                    stream = null;
                }
                frames.close();
            }
            case LinkEffect.Propose propose -> environment.proposer().propose(propose.batch())
                    .whenComplete((outcome, failure) -> post(() -> step(
                            failure == null
                                    ? new LinkEvent.Applied(propose.stream(), propose.batch(), outcome)
                                    : new LinkEvent.NotApplied(propose.stream(), String.valueOf(failure.getMessage())))));
            case LinkEffect.RetryAfter retry -> scheduler.schedule(retry.delay(), () -> post(() -> step(new LinkEvent.RetryDue())));
        }
    }

    private final class FrameReceiver implements NodeStream.Receiver {
        private final long number;
        private final FrameDecoder decoder;

        FrameReceiver(long number, FrameDecoder decoder) {
            this.number = number;
            this.decoder = decoder;
        }

        @Override
        public void onFrame(byte[] frame) {
            post(() -> {
                LinkBatch batch;
                try {
                    batch = LinkBatch.decode(decoder.decode(frame));
                } catch (MalformedBytesException e) {
                    step(new LinkEvent.NotApplied(number, "a damaged frame: " + e.getMessage()));
                    return;
                }
                step(new LinkEvent.Frame(number, batch, frame.length));
            });
        }

        @Override
        public void onEnd() {
            post(() -> step(new LinkEvent.StreamOver(number, "the source ended the stream")));
        }

        @Override
        public void onError(Throwable cause) {
            post(() -> step(new LinkEvent.StreamOver(number, String.valueOf(cause.getMessage()))));
        }
    }
}
