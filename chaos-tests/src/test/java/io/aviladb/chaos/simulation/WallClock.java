package io.aviladb.chaos.simulation;

import io.aviladb.core.time.Clock;

/** A machine's clock: it runs with the agenda, and jumps. */
final class WallClock implements Clock {
    private static final long EPOCH_MILLIS = 1_700_000_000_000L;

    private final Agenda agenda;
    private long offsetMillis;

    WallClock(Agenda agenda, long offsetMillis) {
        this.agenda = agenda;
        this.offsetMillis = offsetMillis;
    }

    void jump(long millis) {
        offsetMillis += millis;
    }

    @Override
    public long millis() {
        return EPOCH_MILLIS + agenda.nanos() / 1_000_000 + offsetMillis;
    }

    @Override
    public long nanos() {
        return agenda.nanos();
    }
}
