package io.aviladb.router.verify;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.time.Clock;
import io.aviladb.core.version.VersionVector;
import io.aviladb.router.route.Served;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, of all that goes through this router, whether documents go back. What an answer showed of a document, a strong read that begins later in the
 * same region has to show, and so has a session's read whose token has seen it. The first documents that are used in each minute are watched, up to a
 * number: the check costs a look-up for those that aren't. Thread-safe.
 *
 * <p>It can accuse nobody wrongly, but sees only what came through this router, and nothing of lists and queries.
 */
public final class OrderWatch {
    static final int DOCUMENTS = 1_024;
    private static final int PER_DOCUMENT = 8;
    private static final int KEPT = 100;
    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final Logger log = LoggerFactory.getLogger(OrderWatch.class);

    private final Clock clock;
    private final ConcurrentHashMap<DocumentKey, Deque<Shown>> watched = new ConcurrentHashMap<>();
    private final Deque<Violation> violations = new ArrayDeque<>();
    private final AtomicLong checked = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private volatile long minute;

    public OrderWatch(Clock clock) {
        this.clock = clock;
        this.minute = clock.nanos();
    }

    /** What an answer has shown. @param what {@code write} or {@code read} @param atMillis when it was given, by this router's clock */
    public record Shown(String what, VersionVector vector, RegionId region, String node, long atMillis) {}

    /** What a read that begins now has to show. */
    public static final class Expected {
        private final DocumentKey key;
        private final ReadConsistency consistency;
        private final List<Shown> shown;

        private Expected(DocumentKey key, ReadConsistency consistency, List<Shown> shown) {
            this.key = key;
            this.consistency = consistency;
            this.shown = shown;
        }
    }

    /** A read that showed less than it had to. @param before the answer that it went back behind */
    public record Violation(DocumentKey key, ReadConsistency consistency, Shown before, Shown read) {}

    /**
     * Before a read is sent.
     *
     * @param region where it is going to be served, if it is strong
     * @param token what its session has seen
     */
    public Expected begins(DocumentKey key, ReadConsistency consistency, RegionId region, VersionVector token) {
        Deque<Shown> known = watched.get(key);
        if (known == null) {
            return new Expected(key, consistency, List.of());
        }
        synchronized (known) {
            return new Expected(key, consistency, known.stream().filter(shown -> switch (consistency) {
                case STRONG -> shown.region.equals(region);
                case SESSION -> token.covers(shown.vector);
                case BOUNDED, PREFIX, EVENTUAL, SNAPSHOT -> false;
            }).toList());
        }
    }

    /** After it was answered. @param seen the document's state, or what was forgotten in its place */
    public void answered(Expected expected, VersionVector seen, Served served) {
        Shown read = new Shown("read", seen, served.region(), served.node(), clock.millis());
        boolean promised = expected.consistency == ReadConsistency.STRONG || expected.consistency == ReadConsistency.SESSION;
        boolean moved = expected.consistency == ReadConsistency.STRONG
                && expected.shown.stream().anyMatch(shown -> !shown.region.equals(served.region()));
        if (promised && !moved && !expected.shown.isEmpty()) {
            checked.incrementAndGet();
            expected.shown.stream().filter(shown -> !seen.covers(shown.vector)).findFirst()
                    .ifPresent(shown -> violated(new Violation(expected.key, expected.consistency, shown, read)));
        }
        if (expected.consistency != ReadConsistency.SNAPSHOT && expected.consistency != ReadConsistency.PREFIX) {
            remember(expected.key, read);
        }
    }

    /** After a write was answered. */
    public void wrote(DocumentKey key, VersionVector vector, Served served) {
        remember(key, new Shown("write", vector, served.region(), served.node(), clock.millis()));
    }

    private void remember(DocumentKey key, Shown shown) {
        long now = clock.nanos();
        if (now - minute > MINUTE_NANOS) {
            minute = now;
            watched.clear();
        }
        Deque<Shown> known = watched.get(key);
        if (known == null) {
            if (watched.size() >= DOCUMENTS) {
                return;
            }
            known = watched.computeIfAbsent(key, first -> new ArrayDeque<>());
        }
        synchronized (known) {
            if (known.size() == PER_DOCUMENT) {
                known.removeFirst();
            }
            known.addLast(shown);
        }
    }

    private void violated(Violation violation) {
        broken.incrementAndGet();
        log.atError().addKeyValue("key", violation.key).addKeyValue("consistency", violation.consistency)
                .addKeyValue("before", violation.before).addKeyValue("read", violation.read).log("A read went back");
        synchronized (violations) {
            if (violations.size() == KEPT) {
                violations.removeFirst();
            }
            violations.addLast(violation);
        }
    }

    /** Reads whose answer was compared with earlier ones, since the router began. */
    public long checked() {
        return checked.get();
    }

    /** How many of them went back. */
    public long broken() {
        return broken.get();
    }

    /** Documents that are watched now. */
    public int documents() {
        return watched.size();
    }

    /** The last of them, the newest first. */
    public List<Violation> violations() {
        synchronized (violations) {
            return new ArrayList<>(violations).reversed();
        }
    }
}
