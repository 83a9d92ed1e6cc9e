package io.aviladb.query.merge;

import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.language.Query;
import io.aviladb.query.language.Statement;
import io.aviladb.query.plan.IndexAccess;
import io.aviladb.query.plan.QueryPlan;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is sent to where the documents are, so that the same plan is made there: the statement, its parameters as typed values, its time, and
 * which of its rows are wanted. See docs/decisions/0007-fragments-carry-the-statement.md.
 *
 * @param statement a SELECT, or an EXPLAIN of one
 * @param timeMillis the statement's {@code NOW()}, in milliseconds since 1970
 * @param maxBytes of the page
 */
public record Fragment(String statement, Map<String, JsonValue> parameters, long timeMillis, int pageSize, int maxBytes,
        Optional<ResumePoint> resume) {
    /**
     * The version of the language, of its plans and of {@link PartialCodec}. It goes up with every change after which an older node would give
     * other partial results for the same statement, or others couldn't be read.
     */
    public static final int VERSION = 1;

    /** Plans of this process. What they are doesn't depend on it. */
    private static final PlanCache PLANS = new PlanCache(4 << 20);

    public Fragment {
        parameters = Map.copyOf(parameters);
    }

    /** A fragment ready to run over a collection's documents. */
    public record Ready(PlanCache.Planned planned, Bindings bindings, PageRequest page) {
        public QueryPlan plan() {
            return planned.plan();
        }
    }

    /** @throws AvilaError as the parser and the planner do, and where the page before was in another order */
    public Ready ready(PartitionStrategy strategy) {
        PlanCache.Planned planned = PLANS.planned(statement, strategy, Fragment::select);
        QueryPlan plan = planned.plan();
        if (resume.filter(point -> point.after().keys().size() != plan.orderKeys().size()).isPresent()) {
            throw new AvilaError(ErrorCode.INVALID_CONTINUATION, "the page before was of another order");
        }
        Bindings bindings = Bindings.of(plan.parameters(), parameters, Instant.ofEpochMilli(timeMillis));
        return new Ready(planned, bindings, PageRequest.of(plan, bindings, pageSize, maxBytes, resume));
    }

    /** The index that serves the statement best among those that may be used. */
    public Optional<IndexAccess> index(Ready ready, List<IndexDefinition> usable) {
        return ready.planned().index(ready.bindings().values(), usable);
    }

    private static Query select(Statement statement) {
        return switch (statement) {
            case Statement.Select select -> select.query();
            case Statement.Explain explain -> select(explain.statement());
            case Statement.Update update -> throw new AvilaError(ErrorCode.QUERY_INVALID, "a fragment is of a SELECT, not of an UPDATE");
            case Statement.Delete delete -> throw new AvilaError(ErrorCode.QUERY_INVALID, "a fragment is of a SELECT, not of a DELETE");
        };
    }

    public byte[] toBytes() {
        ByteWriter out = new ByteWriter();
        out.writeVarInt(VERSION).writeBytes(statement.getBytes(StandardCharsets.UTF_8))
                .writeBytes(new JsonObject(parameters).toJsonBytes())
                .writeVarLong(timeMillis).writeVarInt(pageSize).writeVarInt(maxBytes).writeBoolean(resume.isPresent());
        resume.ifPresent(point -> out.writeBytes(point.toBytes()));
        return out.toByteArray();
    }

    /**
     * @throws AvilaError {@link ErrorCode#FRAGMENT_UNSUPPORTED} where another version made the bytes
     * @throws MalformedBytesException where they are none of {@link #toBytes()}
     */
    public static Fragment ofBytes(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        int version = in.readVarInt();
        if (version != VERSION) {
            throw new AvilaError(ErrorCode.FRAGMENT_UNSUPPORTED, "the fragment has version " + version + "; this node runs " + VERSION);
        }
        String statement = new String(in.readBytes(), StandardCharsets.UTF_8);
        if (!(JsonParser.parse(in.readBytes(), JsonParser.MAX_NESTING + 1) instanceof JsonObject parameters)) {
            throw new MalformedBytesException("parameters are an object");
        }
        long time = in.readVarLong();
        int pageSize = in.readVarInt();
        int maxBytes = in.readVarInt();
        Optional<ResumePoint> resume = in.readBoolean() ? Optional.of(ResumePoint.ofBytes(in.readBytes())) : Optional.empty();
        in.expectEnd();
        if (pageSize < 1 || maxBytes < 1) {
            throw new MalformedBytesException("a page has at least one row and one byte");
        }
        return new Fragment(statement, parameters.members(), time, pageSize, maxBytes, resume);
    }
}
