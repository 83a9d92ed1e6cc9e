package io.aviladb.query.merge;

import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.eval.Evaluator;
import io.aviladb.query.eval.Frame;
import io.aviladb.query.plan.QueryPlan;
import java.util.Optional;

/**
 * Which rows of a result are asked for.
 *
 * @param skip rows of OFFSET, in the first page
 * @param limit rows that LIMIT allows, {@link Long#MAX_VALUE} without one
 * @param pageSize rows at most
 * @param maxBytes of the page's values as JSON, but at least one row
 * @param resume where the page before ended
 */
public record PageRequest(long skip, long limit, int pageSize, int maxBytes, Optional<ResumePoint> resume) {
    /** @throws AvilaError where LIMIT or OFFSET isn't a whole number from 0 */
    public static PageRequest of(QueryPlan plan, Bindings bindings, int pageSize, int maxBytes, Optional<ResumePoint> resume) {
        long limit = plan.limit().map(count -> count("LIMIT", count, bindings)).orElse(Long.MAX_VALUE);
        long offset = plan.offset().map(count -> count("OFFSET", count, bindings)).orElse(0L);
        return new PageRequest(resume.isPresent() ? 0 : offset, resume.map(ResumePoint::remaining).orElse(limit), pageSize, maxBytes,
                resume);
    }

    private static long count(String clause, Evaluator evaluator, Bindings bindings) {
        JsonValue value = evaluator.evaluate(new Frame(0, bindings));
        if (value instanceof JsonNumber number && number.toLong().orElse(-1) >= 0) {
            return number.toLong().getAsLong();
        }
        throw new AvilaError(ErrorCode.QUERY_PARAMETER,
                clause + " is a whole number from 0, not " + (value == null ? "missing" : value.toJson()));
    }

    /** Rows of the order that are enough: those passed over, the page, and one that tells whether another page follows. */
    public long needed() {
        long rows = Math.min(limit, pageSize + 1L);
        return skip > Long.MAX_VALUE - rows ? Long.MAX_VALUE : skip + rows;
    }
}
