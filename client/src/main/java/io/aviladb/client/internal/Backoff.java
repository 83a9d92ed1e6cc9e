package io.aviladb.client.internal;

import io.aviladb.core.random.RandomSource;
import java.time.Duration;

/**
 * How long to wait before a retry: anything up to 100, 200, 400 … 3,200 ms, so that clients which failed together don't come back together
 * (Brooker, <em>Exponential Backoff and Jitter</em>, "full jitter"); on top of what the server asked for.
 */
final class Backoff {
    static final int FIRST_MILLIS = 100;
    private static final int MOST_DOUBLINGS = 5;

    private Backoff() {
    }

    /** @param retry counts from 1 */
    static Duration before(int retry, Duration asked, RandomSource random) {
        int limit = FIRST_MILLIS << Math.min(retry - 1, MOST_DOUBLINGS);
        return asked.plusMillis(random.nextInt(limit + 1));
    }
}
