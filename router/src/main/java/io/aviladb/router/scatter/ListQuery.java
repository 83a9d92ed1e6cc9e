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
 */
public record ListQuery(int collection, KeyRange interval, Optional<DocumentKey> after, int pageSize, Scope scope, boolean refusePartial,
        RegionId region, ReadConsistency consistency, VersionVector token, Deadline deadline) {
    public static final int DEFAULT_PAGE_SIZE = 100;
    public static final int MAX_PAGE_SIZE = 1_000;
    public static final int MAX_PAGE_BYTES = Limits.PAGE_BYTES;

    /** Which regions are asked. */
    public enum Scope {
        /** The one that serves. */
        LOCAL,
        /** All of them. */
        GLOBAL
    }

    /** The same query, going on after the key. */
    public ListQuery after(DocumentKey key) {
        return new ListQuery(collection, interval, Optional.of(key), pageSize, scope, refusePartial, region, consistency, token, deadline);
    }

    public ListQuery {
        if (pageSize < 1 || pageSize > MAX_PAGE_SIZE) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "a page has 1 to " + MAX_PAGE_SIZE + " documents, not " + pageSize);
        }
    }
}
