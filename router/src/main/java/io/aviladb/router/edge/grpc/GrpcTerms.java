package io.aviladb.router.edge.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.aviladb.core.consistency.Durability;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.Precondition;
import io.aviladb.proto.v1.AnswerContext;
import io.aviladb.proto.v1.CollectionRef;
import io.aviladb.proto.v1.Consistency;
import io.aviladb.proto.v1.Coverage;
import io.aviladb.proto.v1.Encoding;
import io.aviladb.proto.v1.Payload;
import io.aviladb.proto.v1.RequestContext;
import io.aviladb.proto.v1.Scope;
import io.aviladb.router.edge.DocumentOperations;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.Keys;
import io.aviladb.router.edge.OperationIds;
import io.aviladb.router.edge.RegionPreference;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.edge.Snapshots;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.route.Served;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.scatter.RegionPage;
import io.aviladb.router.session.EntityTag;
import io.aviladb.router.topology.CollectionName;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages' common parts as values. */
final class GrpcTerms {
    private static final long MAX_TIMEOUT_MILLIS = 300_000;

    private final Edge edge;

    GrpcTerms(Edge edge) {
        this.edge = edge;
    }

    Deadline deadline(GrpcCalls.Call call) {
        return new Deadline(edge.clock(), call.startNanos() + edge.defaultTimeout().toNanos());
    }

    RequestTerms terms(RequestContext context, GrpcCalls.Call call) {
        return terms(context, call, call.startNanos());
    }

    /** @param startNanos from when on the time runs */
    RequestTerms terms(RequestContext context, GrpcCalls.Call call, long startNanos) {
        boolean hasToken = !context.getSession().isEmpty();
        VersionVector token = hasToken ? edge.tokens().session(context.getSession()) : VersionVector.EMPTY;
        ReadConsistency consistency = consistency(context.getConsistency(), hasToken);
        Durability durability = switch (context.getDurability()) {
            case DURABILITY_UNSPECIFIED, LOCAL -> Durability.LOCAL;
            case REMOTE -> Durability.REMOTE;
            case MAJORITY -> Durability.MAJORITY;
            case ALL -> Durability.ALL;
            case UNRECOGNIZED -> throw malformed("an unknown durability");
        };
        RequestTerms.check(consistency, context.getMaxStalenessMs() > 0, !context.getSnapshot().isEmpty());
        long timeout = context.getTimeoutMs();
        if (timeout < 0 || timeout > MAX_TIMEOUT_MILLIS) {
            throw malformed("timeout_ms is 0 to " + MAX_TIMEOUT_MILLIS);
        }
        Duration time = timeout == 0 ? edge.defaultTimeout() : Duration.ofMillis(timeout);
        VersionVector demand = consistency == ReadConsistency.BOUNDED
                ? RequestTerms.upTo(edge.clock().millis() - context.getMaxStalenessMs(), edge.tracker().map())
                : token;
        RequestTerms terms = new RequestTerms(token, consistency, demand, durability,
                new Deadline(edge.clock(), startNanos + time.toNanos(), call.caller()),
                RegionPreference.choose("regions", context.getRegionsList(), edge.tracker()));
        return context.getSnapshot().isEmpty()
                ? terms
                : terms.at(Snapshots.cut("snapshot", context.getSnapshot(), edge.clock().millis()), edge.tracker().map());
    }

    private static ReadConsistency consistency(Consistency asked, boolean hasToken) {
        return switch (asked) {
            case CONSISTENCY_UNSPECIFIED -> DocumentOperations.defaultConsistency(hasToken);
            case STRONG -> ReadConsistency.STRONG;
            case BOUNDED -> ReadConsistency.BOUNDED;
            case SESSION -> ReadConsistency.SESSION;
            case PREFIX -> ReadConsistency.PREFIX;
            case EVENTUAL -> ReadConsistency.EVENTUAL;
            case SNAPSHOT -> ReadConsistency.SNAPSHOT;
            case UNRECOGNIZED -> throw malformed("an unknown consistency");
        };
    }

    static AvilaError malformed(String what) {
        return new AvilaError(ErrorCode.MALFORMED_REQUEST, what);
    }

    static CollectionName name(CollectionRef ref) {
        return new CollectionName(ref.getDatabase(), ref.getCollection());
    }

    static byte[] json(Payload payload) {
        if (payload.getEncoding() != Encoding.JSON && payload.getEncoding() != Encoding.ENCODING_UNSPECIFIED) {
            throw new AvilaError(ErrorCode.UNSUPPORTED_ENCODING, "payloads are JSON");
        }
        return payload.getData().toByteArray();
    }

    static JsonValue value(Payload payload) {
        return JsonParser.parse(json(payload));
    }

    /** The bytes without a copy: they are never changed. */
    static Payload payload(byte[] json) {
        ByteString data = UnsafeByteOperations.unsafeWrap(json);
        return Payload.newBuilder().setEncoding(Encoding.JSON).setData(data).build();
    }

    static ListQuery.Scope scope(Scope scope) {
        return switch (scope) {
            case SCOPE_UNSPECIFIED, SCOPE_LOCAL -> ListQuery.Scope.LOCAL;
            case SCOPE_GLOBAL -> ListQuery.Scope.GLOBAL;
            case UNRECOGNIZED -> throw malformed("an unknown scope");
        };
    }

    static Coverage coverage(List<RegionPage> regions) {
        Coverage.Builder coverage = Coverage.newBuilder().setComplete(regions.stream().allMatch(part -> part.missing().isEmpty()));
        for (RegionPage part : regions) {
            coverage.addRegions(Coverage.Region.newBuilder().setRegion(part.region().name()).setAnswered(part.answered())
                    .setClosed(part.answered() ? "%016x".formatted(part.closed().bits()) : ""));
            part.missing().forEach(interval -> coverage.addMissing(Coverage.Missing.newBuilder().setRegion(part.region().name())
                    .setStart(HexFormat.of().formatHex(interval.start())).setEnd(HexFormat.of().formatHex(interval.end()))));
        }
        return coverage.build();
    }

    static Map<String, JsonValue> parameters(Map<String, Payload> payloads) {
        Map<String, JsonValue> values = new LinkedHashMap<>();
        payloads.forEach((name, payload) -> values.put(name, value(payload)));
        return values;
    }

    static Optional<List<JsonValue>> partition(boolean present, Payload payload) {
        return present ? Optional.of(Keys.partition(new String(json(payload), java.nio.charset.StandardCharsets.UTF_8))) : Optional.empty();
    }

    static Precondition precondition(io.aviladb.proto.v1.Precondition condition) {
        return switch (condition.getConditionCase()) {
            case IF_MATCH -> EntityTag.parse(condition.getIfMatch()).<Precondition>map(Precondition.Matches::new)
                    .orElseThrow(() -> new AvilaError(ErrorCode.PRECONDITION_FAILED, "no document has had this ETag"));
            case IF_PRESENT -> condition.getIfPresent() ? Precondition.PRESENT : Precondition.NONE;
            case IF_ABSENT -> condition.getIfAbsent() ? Precondition.ABSENT : Precondition.NONE;
            case CONDITION_NOT_SET -> Precondition.NONE;
        };
    }

    /** @param asked the request without its context: what the operation's digest is made of */
    @Nullable
    OperationId operation(boolean present, io.aviladb.proto.v1.OperationId id, String method, com.google.protobuf.Message asked) {
        if (!present) {
            return null;
        }
        if (id.getClient().size() != 16) {
            throw malformed("an operation's client has 16 bytes, not " + id.getClient().size());
        }
        RegionId region;
        try {
            region = id.getRegion().isEmpty() ? edge.tracker().own() : new RegionId(id.getRegion());
        } catch (IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
        byte[] digest = OperationIds.digest(method.getBytes(java.nio.charset.StandardCharsets.UTF_8), asked.toByteArray());
        return new OperationId(id.getClient().toByteArray(), id.getSequence(), OperationIds.incarnation(edge.tracker().map(), region),
                digest,
                HybridTimestamp.ofMillis(edge.clock().millis()));
    }

    /** Of a read, which may be of a cut. */
    AnswerContext context(GrpcCalls.Call call, VersionVector session, @Nullable Served served, RequestTerms terms) {
        AnswerContext context = context(call, session, served);
        return edge.snapshots().version(terms).map(version -> context.toBuilder().setSnapshot(version).build()).orElse(context);
    }

    AnswerContext context(GrpcCalls.Call call, VersionVector session, @Nullable Served served) {
        AnswerContext.Builder context = AnswerContext.newBuilder().setSession(edge.tokens().session(session)).setRequestId(call.requestId())
                .setLatencyMs((edge.clock().nanos() - call.startNanos()) / 1e6);
        if (served != null) {
            call.served(served);
            context.setRegion(served.region().name()).setNode(served.node()).setReason(served.why());
        }
        return context.build();
    }
}
