package io.aviladb.router.topology;

import java.util.Locale;

/**
 * Whether one node is asked where others could be. Reads that any replica may serve leave out a node that failed or that is much slower than its
 * neighbours; leaders are asked whatever they are. Source: the outlier ejection of Envoy and Finagle; here a node comes back by one trial.
 *
 * <pre>
 * IN        → OUT        it failed, or was found slow
 * OUT       → IN         it answered, where it was out for a failure
 * OUT       → PROBATION  its time is over, and one request takes it as a trial
 * IN        → PROBATION  nobody has asked it for long: what is known of it is old, and one request finds out
 * PROBATION → IN         the trial was answered as fast as the neighbours answer
 * PROBATION → OUT        it wasn't, for twice the time; or the trial was never answered, and another one follows
 * </pre>
 *
 * Not thread-safe.
 */
final class Ejection {
    private static final long FIRST_NANOS = 1_000_000_000L;
    private static final long LONGEST_NANOS = 30_000_000_000L;
    /** A trial that hasn't ended by then is taken for lost. */
    private static final long TRIAL_NANOS = 5_000_000_000L;
    private static final long OLD_NANOS = 10_000_000_000L;

    enum State {
        /** Takes part. */
        IN,
        /** Isn't asked where others could be. */
        OUT,
        /** One request tries it. */
        PROBATION;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private State state = State.IN;
    private boolean forFailure;
    private long since;
    private long outNanos = FIRST_NANOS;

    State state() {
        return state;
    }

    /** Whether the node stays out now. */
    boolean isOut(long now) {
        return switch (state) {
            case IN -> false;
            case OUT -> now - since < outNanos;
            case PROBATION -> now - since < TRIAL_NANOS;
        };
    }

    /** Whether its time is over, or the last answer is old: the caller's request is the trial. True once for each time. */
    boolean takesTrial(long now, long answeredAt) {
        if (state == State.IN ? now - answeredAt < OLD_NANOS : isOut(now)) {
            return false;
        }
        transition(State.PROBATION, now);
        return true;
    }

    void failed(long now) {
        if (state == State.PROBATION) {
            outNanos = Math.min(LONGEST_NANOS, 2 * outNanos);
        }
        forFailure = true;
        transition(State.OUT, now);
    }

    void slow(long now) {
        if (state == State.OUT) {
            return; // answers to questions from before
        }
        if (state == State.PROBATION) {
            outNanos = Math.min(LONGEST_NANOS, 2 * outNanos);
        }
        forFailure = false;
        transition(State.OUT, now);
    }

    /** It answered as its neighbours do. @return whether it came back just now */
    boolean fine(long now) {
        if (state == State.IN) {
            if (now - since > LONGEST_NANOS) {
                outNanos = FIRST_NANOS;
            }
            return false;
        }
        if (state == State.OUT && !forFailure) {
            return false; // what was asked before it was found slow
        }
        transition(State.IN, now);
        return true;
    }

    private void transition(State next, long now) {
        state = next;
        since = now;
    }
}
