package io.aviladb.client.option;

import io.aviladb.core.consistency.Durability;
import io.aviladb.core.consistency.ReadConsistency;
import java.time.Duration;
import java.util.Optional;

/**
 * What requests ask for besides their own fields.
 *
 * @param consistency of reads; empty: the server chooses {@code SESSION} once the client carries a token, else {@code STRONG}
 * @param maxStaleness with {@code BOUNDED} only, and then needed
 * @param durability of writes; empty: {@code LOCAL}
 * @param timeout for a whole operation with its retries. Too small: operations fail during a failover, which takes seconds. Too large: a
 *            caller waits long for a cluster that is away
 */
public record RequestOptions(Optional<ReadConsistency> consistency, Optional<Duration> maxStaleness, Optional<Durability> durability,
        Duration timeout) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    public static final RequestOptions DEFAULT = new RequestOptions(Optional.empty(), Optional.empty(), Optional.empty(), DEFAULT_TIMEOUT);

    public RequestOptions {
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("a timeout is at least a millisecond");
        }
        if (maxStaleness.isPresent() != consistency.filter(ReadConsistency.BOUNDED::equals).isPresent()) {
            throw new IllegalArgumentException("the consistency 'bounded' comes with a greatest staleness, and only that");
        }
    }

    /** For any consistency but {@code BOUNDED}. */
    public RequestOptions withConsistency(ReadConsistency asked) {
        return new RequestOptions(Optional.of(asked), Optional.empty(), durability, timeout);
    }

    /** Reads that may be behind by this much at most. */
    public RequestOptions withMaxStaleness(Duration bound) {
        return new RequestOptions(Optional.of(ReadConsistency.BOUNDED), Optional.of(bound), durability, timeout);
    }

    public RequestOptions withDurability(Durability asked) {
        return new RequestOptions(consistency, maxStaleness, Optional.of(asked), timeout);
    }

    public RequestOptions withTimeout(Duration allowed) {
        return new RequestOptions(consistency, maxStaleness, durability, allowed);
    }
}
