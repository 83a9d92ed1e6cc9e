package io.aviladb.cli.server;

import io.aviladb.core.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A wall clock that is off by as many milliseconds as a file says, read again every few milliseconds: clock skew for tests, everywhere and
 * without privileges. A file that is missing or half written changes nothing.
 */
final class OffsetFileClock implements Clock {
    private static final long READ_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Path file;
    private volatile long offsetMillis;
    private volatile long readNanos;

    private OffsetFileClock(Path file) {
        this.file = file;
        read();
    }

    static Clock of(Path file) {
        return new OffsetFileClock(file);
    }

    private void read() {
        readNanos = System.nanoTime();
        try {
            offsetMillis = Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException notNow) {
            return;
        }
    }

    @Override
    public long millis() {
        if (System.nanoTime() - readNanos > READ_NANOS) {
            read();
        }
        return System.currentTimeMillis() + offsetMillis;
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
