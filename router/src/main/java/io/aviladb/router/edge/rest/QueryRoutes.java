package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.language.Expression;
import io.aviladb.query.plan.ChangePlan;
import io.aviladb.router.edge.ChangeOperations;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.ExplainBodies;
import io.aviladb.router.edge.QueryOperations;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.query.ChangeRunner;
import io.aviladb.router.query.Interest;
import io.aviladb.router.query.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Statements, and changes by condition, over REST. */
final class QueryRoutes {
    private static final String COLLECTION = "/v1/databases/{db}/collections/{coll}";

    private final Edge edge;
    private final RequestHeaders headers;
    private final QueryOperations queries;
    private final ChangeOperations changes;

    QueryRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
        this.queries = new QueryOperations(edge);
        this.changes = new ChangeOperations(edge);
    }

    List<Route> routes() {
        return List.of(new Route("query", HttpMethod.POST, "/v1/databases/{db}/query", Set.of(), this::query),
                new Route("updateWhere", HttpMethod.PATCH, COLLECTION + "/documents", Set.of(), this::updateWhere),
                new Route("updateWhereAlias", HttpMethod.PATCH, COLLECTION + "/update", Set.of(), this::updateWhere),
                new Route("deleteWhere", HttpMethod.DELETE, COLLECTION + "/documents", Set.of(), this::deleteWhere),
                new Route("deleteWhereAlias", HttpMethod.POST, COLLECTION + "/delete", Set.of(), this::deleteWhere));
    }

    private CompletableFuture<RestAnswer> query(RestRequest request) {
        RequestTerms terms = headers.terms(request);
        byte[] body = request.body();
        return queries.run(QueryRequest.of(request), terms, new Interest(), collection -> headers.operation(request, collection, body))
                .thenApply(answered -> switch (answered) {
                    case QueryOperations.Answered.Rows rows -> page(request, rows);
                    case QueryOperations.Answered.Explained explained -> explained(request, explained);
                    case QueryOperations.Answered.Changed changed -> changed(request, changed);
                });
    }

    private RestAnswer page(RestRequest request, QueryOperations.Answered.Rows rows) {
        JsonValue next = rows.continuationToken().isEmpty() ? JsonNull.NULL : Bodies.text(rows.continuationToken());
        JsonObject body = Bodies.object("documents", new JsonArray(rows.result().page().values()), "continuationToken", next, "coverage",
                Bodies.coverage(rows.result().regions()), "latencyMs", latency(request));
        return answer(body, rows.result(), rows.at());
    }

    private RestAnswer answer(JsonObject body, QueryResult result, RequestTerms terms) {
        RestAnswer answer = RestAnswer.json(200, body);
        return new RestAnswer(200, answer.body(), RestAnswer.JSON, edge.snapshots().headers(terms), terms.token().join(result.seen()),
                result.served(),
                (int) Math.max(1, (result.bytesRead() + 4_095) / 4_096));
    }

    private JsonValue latency(RestRequest request) {
        return JsonNumber.of(Math.round((edge.clock().nanos() - request.startNanos()) / 1_000.0) / 1_000.0);
    }

    private RestAnswer explained(RestRequest request, QueryOperations.Answered.Explained explained) {
        JsonObject plan = ExplainBodies.plan(explained, latency(request));
        JsonObject body = Bodies.object("documents", JsonArray.of(plan), "plan", Bodies.text(explained.plan().toText()),
                "continuationToken", JsonNull.NULL);
        if (explained.actual().isEmpty()) {
            return RestAnswer.json(200, body.with("latencyMs", latency(request)));
        }
        QueryResult result = explained.actual().get();
        return answer(body.with("coverage", Bodies.coverage(result.regions())).with("latencyMs", latency(request)), result,
                explained.at());
    }

    private CompletableFuture<RestAnswer> updateWhere(RestRequest request) {
        JsonObject body = request.object(Set.of("updates", "where", "parameters", "confirm", "preview", "limit"), Set.of());
        Optional<Expression> where = where(body, ChangeOperations.UPDATE_ALL);
        List<ChangePlan.Change> assignments = new ArrayList<>();
        if (!(body.getOrNull("updates") instanceof JsonObject updates) || updates.members().isEmpty()) {
            throw QueryRequest.malformed("'updates' is an object of fields and their values");
        }
        updates.members().forEach((field, value) -> assignments.add(change(field, value)));
        return change(request, body, strategy -> ChangePlan.update(where, assignments, strategy));
    }

    /** A value, or {@code {"$inc": number}}. */
    private static ChangePlan.Change change(String field, JsonValue value) {
        boolean operator = value instanceof JsonObject object && object.members().keySet().stream().anyMatch(name -> name.startsWith("$"));
        if (!operator) {
            return new ChangePlan.Assign(List.of(field), frame -> value);
        }
        JsonValue amount = value instanceof JsonObject object && object.members().size() == 1 ? object.getOrNull("$inc") : null;
        if (!(amount instanceof JsonNumber)) {
            throw new AvilaError(ErrorCode.INVALID_PATCH, "'" + field + "' is a value or {\"$inc\": number}");
        }
        return new ChangePlan.Increment(List.of(field), frame -> amount);
    }

    private CompletableFuture<RestAnswer> deleteWhere(RestRequest request) {
        JsonObject body = request.http().content().isEmpty()
                ? JsonObject.EMPTY
                : request.object(Set.of("where", "parameters", "confirm", "preview", "limit"), Set.of());
        Optional<Expression> where = where(body, ChangeOperations.DELETE_ALL);
        return change(request, body, strategy -> ChangePlan.delete(where, strategy));
    }

    private CompletableFuture<RestAnswer> change(RestRequest request, JsonObject body, Function<PartitionStrategy, ChangePlan> plan) {
        RequestTerms terms = headers.terms(request);
        Map<String, JsonValue> parameters = QueryRequest.parameters(body.getOrNull("parameters"));
        boolean preview = QueryRequest.flag(body, "preview");
        long limit = body.getOrNull("limit") == null ? ChangeOperations.DEFAULT_LIMIT : QueryRequest.count(body, "limit");
        byte[] bytes = request.http().content().isEmpty() ? new byte[0] : request.body();
        return edge.definitions().collection(request.collection(), terms.deadline())
                .thenCompose(collection -> changes.run(collection,
                        new ChangeOperations.Asked(plan.apply(collection.strategy()), parameters, true, preview, limit), terms,
                        headers.operation(request, collection.id(), bytes)))
                .thenApply(changed -> changed(request, changed));
    }

    /** Empty where all documents are meant and that was confirmed. */
    private static Optional<Expression> where(JsonObject body, String sentence) {
        JsonValue where = body.getOrNull("where");
        if (where instanceof JsonString text && !text.value().isBlank()) {
            return ChangeOperations.condition(text.value());
        } else if (where != null && where != JsonNull.NULL && !(where instanceof JsonString)) {
            throw QueryRequest.malformed("'where' is a string, as in \"a = @x AND b > 3\"");
        } else if (!new JsonString("ALL").equals(body.getOrNull("confirm")) && !QueryRequest.flag(body, "preview")) {
            throw new AvilaError(ErrorCode.CONFIRMATION_REQUIRED, sentence);
        }
        return Optional.empty();
    }

    private RestAnswer changed(RestRequest request, QueryOperations.Answered.Changed changed) {
        ChangeRunner.Changed done = changed.done();
        String count = changed.preview() ? "matchedCount" : changed.deleted() ? "deletedCount" : "updatedCount";
        JsonObject body = Bodies.object(count, JsonNumber.of(done.count()), "latencyMs",
                latency(request));
        return new RestAnswer(200, body.toJsonBytes(), RestAnswer.JSON, Map.of(), done.session(), done.served(),
                (int) Math.max(1, changed.preview() ? 1 : 5 * done.count()));
    }
}
