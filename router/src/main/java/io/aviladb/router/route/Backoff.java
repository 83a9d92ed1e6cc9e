package io.aviladb.router.route;

import io.aviladb.core.random.RandomSource;
import java.time.Duration;

/** How long before the next attempt: doubles from 5 to 200 ms; half of it is chance, so that routers don't come in step. */
final class Backoff {
    private static final long MIN_MILLIS = 5;
    private static final long MAX_MILLIS = 200;

    private Backoff() {
    }

    static Duration before(int attempt, RandomSource random) {
        long ceiling = Math.min(MAX_MILLIS, MIN_MILLIS << Math.min(6, attempt));
        return Duration.ofMillis(ceiling / 2 + random.nextInt((int) (ceiling / 2) + 1));
    }
}
