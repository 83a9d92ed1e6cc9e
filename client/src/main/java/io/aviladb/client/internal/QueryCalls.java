package io.aviladb.client.internal;

import io.aviladb.client.ChangeResult;
import io.aviladb.client.Plan;
import io.aviladb.client.Scope;
import io.aviladb.client.Values;
import io.aviladb.client.option.RequestOptions;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.proto.v1.ChangeRequest;
import io.aviladb.proto.v1.ChangeResponse;
import io.aviladb.proto.v1.CollectionRef;
import io.aviladb.proto.v1.OperationId;
import io.aviladb.proto.v1.Payload;
import io.aviladb.proto.v1.QueriesGrpc;
import io.aviladb.proto.v1.QueryPage;
import io.aviladb.proto.v1.QueryRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Statements and changes by condition, as calls. */
public final class QueryCalls {
    private final Transport transport;
    private final OperationIds ids;
    private final CollectionRef collection;
    private final RequestOptions options;

    QueryCalls(Transport transport, OperationIds ids, CollectionRef collection, RequestOptions options) {
        this.transport = transport;
        this.ids = ids;
        this.collection = collection;
        this.options = options;
    }

    public String collection() {
        return collection.getCollection();
    }

    /** An UPDATE or DELETE as a statement. */
    public CompletableFuture<ChangeResult> change(String statement, Map<String, JsonValue> parameters) {
        return change(ChangeRequest.newBuilder().setStatement(statement), parameters);
    }

    /** What a query asks for. @param pageSize 0 for the server's default */
    public record Asked(String text, Map<String, JsonValue> parameters, int pageSize, Scope scope, boolean refusePartial) {
        public Asked {
            parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }

    /** One page: each is a call of its own, so that it can be tried again elsewhere. */
    public CompletableFuture<Values> page(Asked asked, Optional<String> continuation) {
        return call(asked, asked.text(), continuation).thenApply(reply -> {
            QueryPage page = reply.answer();
            long json = page.getRowsList().stream().mapToLong(row -> row.getData().size()).sum();
            return new Values(page.getRowsList().stream().map(row -> row.getData().toByteArray()).toList(),
                    Optional.of(page.getContinuationToken()).filter(token -> !token.isEmpty()), Wire.coverage(page.getCoverage()),
                    page.getVersion(), Wire.ratio(json, page.getSerializedSize()), Wire.answer(page.getContext(), reply));
        });
    }

    /** @param command {@code EXPLAIN} or {@code EXPLAIN ANALYZE} */
    public CompletableFuture<Plan> plan(String command, Asked asked) {
        return call(asked, command + " " + asked.text(), Optional.empty()).thenApply(reply -> new Plan(reply.answer().getPlan(),
                JsonParser.parse(reply.answer().getRows(0).getData().toByteArray()), Wire.answer(reply.answer().getContext(), reply)));
    }

    private CompletableFuture<Reply<QueryPage>> call(Asked asked, String text, Optional<String> continuation) {
        return transport.call(new Operation<>(QueriesGrpc.getQueryMethod(), Kind.READ, options.timeout(), terms -> {
            QueryRequest.Builder request = QueryRequest.newBuilder().setDatabase(collection.getDatabase())
                    .setCollection(collection.getCollection()).setQuery(text).putAllParameters(payloads(asked.parameters()))
                    .setPageSize(asked.pageSize()).setScope(io.aviladb.proto.v1.Scope.valueOf("SCOPE_" + asked.scope().name()))
                    .setRefusePartial(asked.refusePartial()).setMaxPages(1).setContext(Wire.reading(options, terms));
            continuation.ifPresent(request::setContinuationToken);
            return request.build();
        }, (QueryPage page) -> page.getContext().getSession()));
    }

    /** The operation's id is chosen here, before the first attempt, and is the same in all. */
    public CompletableFuture<ChangeResult> change(ChangeRequest.Builder asked, Map<String, JsonValue> parameters) {
        ChangeRequest.Builder fixed = asked.setCollection(collection).putAllParameters(payloads(parameters));
        OperationId chosen = ids.next().build();
        return transport.call(new Operation<>(QueriesGrpc.getChangeMethod(), Kind.WRITE, options.timeout(),
                terms -> fixed.clone().setContext(Wire.writing(options, terms))
                        .setOperation(chosen.toBuilder().setRegion(terms.region())).build(),
                (ChangeResponse answer) -> answer.getContext().getSession()))
                .thenApply(reply -> new ChangeResult(reply.answer().getCount(), reply.answer().getVersion(),
                        Wire.answer(reply.answer().getContext(), reply)));
    }

    private static Map<String, Payload> payloads(Map<String, JsonValue> values) {
        Map<String, Payload> payloads = new LinkedHashMap<>();
        values.forEach((name, value) -> payloads.put(name, Wire.payload(value)));
        return payloads;
    }

    public static Payload payload(@Nullable Object value) {
        return Wire.payload(JsonValue.of(value));
    }

    /** The assignments of an update, as a message. */
    public static ChangeRequest.Builder update(List<ChangeRequest.Assignment> assignments) {
        return ChangeRequest.newBuilder().setUpdate(ChangeRequest.Update.newBuilder().addAllAssignments(assignments));
    }
}
