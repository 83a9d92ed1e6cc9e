package io.aviladb.replication.link;

import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.spi.LocalProposer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A link as a function: event in, effects out. Transitions:
 *
 * <pre>
 * IDLE ──RetryDue──▶ READING ──Cursors──▶ STREAMING ──StreamOver, NotApplied, STALE──▶ IDLE (after a delay)
 *                    READING ──Cursors(empty)──▶ IDLE      STREAMING ──PiecesChanged──▶ READING      any ──Stopped──▶ STOPPED
 * </pre>
 *
 * <p>Safety doesn't rest on it: the entry that applies a batch compares each cursor with the batch's {@code from}. Liveness does: whatever goes
 * wrong, the link comes back to READING.
 */
final class LinkMachine {
    private static final Logger log = LoggerFactory.getLogger(LinkMachine.class);
    /** Frames under way and not yet applied: enough to fill the pipe, few enough that memory doesn't grow with lag. */
    static final int WINDOW = 4;
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LAST_RETRY = Duration.ofSeconds(2);
    private static final Duration NOTHING_TO_FOLLOW = Duration.ofSeconds(1);

    /** Where a link stands. */
    enum State {
        /** Waits for its next try. */
        IDLE,
        /** Asks for its cursors. */
        READING,
        /** Frames come and are applied. */
        STREAMING,
        /** Over. */
        STOPPED
    }

    private final String name;
    private State state = State.IDLE;
    private long stream;
    private int failures;
    private HybridTimestamp applied = HybridTimestamp.ZERO;
    private HybridTimestamp closed = HybridTimestamp.ZERO;
    private long behind;
    private long inFlight;
    private boolean rebasing;
    private long receivedBytes;
    private long jsonBytes;

    LinkMachine(String name) {
        this.name = name;
    }

    List<LinkEffect> step(LinkEvent event) {
        List<LinkEffect> effects = new ArrayList<>(2);
        switch (event) {
            case LinkEvent.Stopped stopped -> {
                if (state == State.STREAMING) {
                    effects.add(new LinkEffect.Close(stream));
                }
                transition(State.STOPPED, "stopped");
            }
            case LinkEvent.RetryDue due -> {
                if (state == State.IDLE) {
                    transition(State.READING, "retry");
                    effects.add(new LinkEffect.ReadCursors());
                }
            }
            case LinkEvent.PiecesChanged changed -> {
                if (state == State.STREAMING) {
                    effects.add(new LinkEffect.Close(stream));
                    transition(State.READING, "pieces changed");
                    effects.add(new LinkEffect.ReadCursors());
                } else if (state == State.IDLE) {
                    transition(State.READING, "pieces changed");
                    effects.add(new LinkEffect.ReadCursors());
                }
            }
            case LinkEvent.Cursors cursors -> onCursors(cursors, effects);
            case LinkEvent.Frame frame -> onFrame(frame, effects);
            case LinkEvent.StreamOver over -> {
                if (state == State.STREAMING && over.stream() == stream) {
                    retry(effects, over.reason());
                }
            }
            case LinkEvent.Applied done -> onApplied(done, effects);
            case LinkEvent.NotApplied failed -> {
                if (state == State.STREAMING && failed.stream() == stream) {
                    effects.add(new LinkEffect.Close(stream));
                    retry(effects, failed.reason());
                }
            }
        }
        return effects;
    }

    private void onCursors(LinkEvent.Cursors cursors, List<LinkEffect> effects) {
        if (state != State.READING) {
            return;
        }
        if (cursors.request().isEmpty()) {
            transition(State.IDLE, "nothing to follow");
            effects.add(new LinkEffect.RetryAfter(NOTHING_TO_FOLLOW));
            return;
        }
        stream++;
        inFlight = 0;
        transition(State.STREAMING, "cursors read");
        effects.add(new LinkEffect.Open(stream, cursors.request().get()));
        effects.add(new LinkEffect.Credit(stream, WINDOW));
    }

    private void onFrame(LinkEvent.Frame frame, List<LinkEffect> effects) {
        if (state != State.STREAMING || frame.stream() != stream) {
            return;
        }
        receivedBytes += frame.bytes();
        jsonBytes += frame.batch().jsonBytes();
        closed = closed.max(frame.batch().closed());
        rebasing = frame.batch().rebase();
        inFlight += frame.batch().changes().size();
        effects.add(new LinkEffect.Propose(stream, frame.batch()));
    }

    private void onApplied(LinkEvent.Applied done, List<LinkEffect> effects) {
        if (state != State.STREAMING || done.stream() != stream) {
            return;
        }
        if (done.outcome() == LocalProposer.Outcome.STALE) {
            effects.add(new LinkEffect.Close(stream));
            retry(effects, "a cursor stands elsewhere");
            return;
        }
        LinkBatch batch = done.batch();
        failures = 0;
        inFlight = Math.max(0, inFlight - batch.changes().size());
        behind = batch.behind();
        applied = applied.max(batch.to());
        effects.add(new LinkEffect.Credit(stream, 1));
    }

    private void retry(List<LinkEffect> effects, String reason) {
        failures++;
        transition(State.IDLE, reason);
        long millis = Math.min(LAST_RETRY.toMillis(), FIRST_RETRY.toMillis() << Math.min(10, failures - 1));
        effects.add(new LinkEffect.RetryAfter(Duration.ofMillis(millis)));
    }

    private void transition(State next, String reason) {
        if (state != next && (failures <= 1 || next == State.STREAMING)) {
            log.atDebug().addKeyValue("link", name).addKeyValue("from", state).addKeyValue("to", next).addKeyValue("reason", reason)
                    .log("Link moved");
        }
        state = next;
    }

    State state() {
        return state;
    }

    LinkProgress progress(long nowMillis) {
        boolean caughtUp = state == State.STREAMING && inFlight == 0 && behind == 0 && applied.compareTo(closed) >= 0;
        long lag = applied.bits() == 0 ? -1 : caughtUp ? 0 : Math.max(0, nowMillis - applied.millis());
        String shown = state == State.STREAMING ? rebasing ? "rebasing" : "streaming" : state == State.IDLE ? "waiting" : "connecting";
        return new LinkProgress(lag, inFlight + behind, shown, receivedBytes, jsonBytes);
    }
}
