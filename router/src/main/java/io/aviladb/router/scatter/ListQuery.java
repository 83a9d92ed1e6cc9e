package io.aviladb.router.scatter;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.Limits;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.router.route.Deadline;
import java.util.Optional;

/**
 * A page of a listing.
 *
 * @param region that of {@link Scope#LOCAL}
 * @param refusePartial fail rather than leave out what doesn't answer
 * @param beyond only what is newer than this; empty for all documents
 */
public record ListQuery(int collection, KeyRange interval, Optional<DocumentKey> after, int pageSize, Scope scope, boolean refusePartial,
        RegionId region, ReadConsistency consistency, VersionVector token, Deadline deadline, Optional<Beyond> beyond) {
    public static final int DEFAULT_PAGE_SIZE = 100;
    public static final int MAX_PAGE_SIZE = 1_000;
    public static final int MAX_PAGE_BYTES = Limits.PAGE_BYTES;

    /** Of differences, which cost more to ask for than to carry. */
    private static final int MAX_DIFFERENCES = 10_000;
    private static final int MAX_DIFFERENCES_BYTES = 4 << 20;

    /**
     * Documents, deleted ones included, that hold something these stamps don't cover.
     *
     * @param maxKeys at most so many keys are looked at in each range
     * @param bodies whether the documents themselves are needed
     */
    public record Beyond(VersionVector covered, int maxKeys, boolean bodies) {}

    public ListQuery(int collection, KeyRange interval, Optional<DocumentKey> after, int pageSize, Scope scope, boolean refusePartial,
            RegionId region, ReadConsistency consistency, VersionVector token, Deadline deadline) {
        this(collection, interval, after, pageSize, scope, refusePartial, region, consistency, token, deadline, Optional.empty());
    }

    /** What there is beyond the stamps in the interval. */
    public ListQuery beyond(KeyRange part, Beyond known) {
        return new ListQuery(collection, part, Optional.empty(), MAX_DIFFERENCES, scope, refusePartial, region, consistency, token,
                deadline,
                Optional.of(known));
    }

    int maxBytes() {
        return beyond.isPresent() ? MAX_DIFFERENCES_BYTES : MAX_PAGE_BYTES;
    }

    /** Which regions are asked. */
    public enum Scope {
        /** The one that serves. */
        LOCAL,
        /** All of them. */
        GLOBAL
    }

    /** The same query, going on after the key. */
    public ListQuery after(DocumentKey key) {
        return new ListQuery(collection, interval, Optional.of(key), pageSize, scope, refusePartial, region, consistency, token, deadline,
                beyond);
    }

    public ListQuery {
        if (pageSize < 1 || pageSize > (beyond.isPresent() ? MAX_DIFFERENCES : MAX_PAGE_SIZE)) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "a page has 1 to " + MAX_PAGE_SIZE + " documents, not " + pageSize);
        }
    }
}
