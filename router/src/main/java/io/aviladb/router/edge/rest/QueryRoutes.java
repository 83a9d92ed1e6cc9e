package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.eval.Frame;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Parser;
import io.aviladb.query.language.Query;
import io.aviladb.query.language.Statement;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.ResumePoint;
import io.aviladb.query.plan.ChangePlan;
import io.aviladb.query.plan.IndexChoice;
import io.aviladb.query.plan.PlanNode;
import io.aviladb.query.plan.Planner;
import io.aviladb.query.plan.QueryPlan;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.OperationIds;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.query.ChangeRunner;
import io.aviladb.router.query.QueryResult;
import io.aviladb.router.query.QueryRunner;
import io.aviladb.router.query.RangeRun;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.topology.CollectionName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Statements, and changes by condition, over REST. */
final class QueryRoutes {
    static final String UPDATE_ALL = "Update without WHERE clause requires explicit confirmation";
    static final String DELETE_ALL = "Delete without WHERE clause is dangerous and not allowed";
    private static final String COLLECTION = "/v1/databases/{db}/collections/{coll}";
    private static final int CHANGED_AT_ONCE = 100;

    private final Edge edge;
    private final RequestHeaders headers;

    QueryRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List.of(new Route("query", HttpMethod.POST, "/v1/databases/{db}/query", Set.of(), this::query),
                new Route("updateWhere", HttpMethod.PATCH, COLLECTION + "/documents", Set.of(), this::updateWhere),
                new Route("updateWhereAlias", HttpMethod.PATCH, COLLECTION + "/update", Set.of(), this::updateWhere),
                new Route("deleteWhere", HttpMethod.DELETE, COLLECTION + "/documents", Set.of(), this::deleteWhere),
                new Route("deleteWhereAlias", HttpMethod.POST, COLLECTION + "/delete", Set.of(), this::deleteWhere));
    }

    private CompletableFuture<RestAnswer> query(RestRequest request) {
        QueryRequest asked = QueryRequest.of(request);
        Statement statement = Parser.statement(asked.text());
        String name = collection(statement);
        asked.collection().filter(given -> !given.equals(name)).ifPresent(given -> {
            throw QueryRequest.malformed("'collection' is '" + given + "', and the query's FROM names '" + name + "'");
        });
        RequestTerms terms = headers.terms(request);
        return edge.definitions().collection(new CollectionName(request.variable("db"), name), terms.deadline())
                .thenCompose(collection -> edge.snapshots().chosen(terms, collection.id(), KeyRange.collection(collection.id()))
                        .thenCompose(at -> run(request, asked, statement, collection, at)));
    }

    private static String collection(Statement statement) {
        return switch (statement) {
            case Statement.Select select -> ((Query.CollectionSource) select.query().sources().get(0)).collection();
            case Statement.Update update -> update.from().collection();
            case Statement.Delete delete -> delete.from().collection();
            case Statement.Explain explain -> collection(explain.statement());
        };
    }

    private CompletableFuture<RestAnswer> run(RestRequest request, QueryRequest asked, Statement statement, CollectionDefinition collection,
            RequestTerms terms) {
        return switch (statement) {
            case Statement.Select query -> {
                RequestTerms at = asOf(Planner.plan(query.query(), collection.strategy()), asked, terms);
                yield select(asked, collection, at).thenApply(result -> page(request, asked, result, collection, at));
            }
            case Statement.Update update -> change(request, "updatedCount", UPDATE_ALL, false, asked.parameters(), collection,
                    ChangePlan.update(update, collection.strategy()), terms);
            case Statement.Delete delete -> change(request, "deletedCount", DELETE_ALL, false, asked.parameters(), collection,
                    ChangePlan.delete(delete.from(), delete.where(), collection.strategy()), terms);
            case Statement.Explain explain -> explain(request, asked, explain, collection, terms);
        };
    }

    private Bindings bindings(Set<String> names, Map<String, JsonValue> values) {
        return Bindings.of(names, values, Instant.ofEpochMilli(edge.clock().millis()));
    }

    /** The terms, with the cut of an AS OF. */
    private RequestTerms asOf(QueryPlan plan, QueryRequest asked, RequestTerms terms) {
        if (plan.asOf().isEmpty()) {
            return terms;
        } else if (terms.consistency() == ReadConsistency.SNAPSHOT) {
            throw new AvilaError(ErrorCode.INVALID_HEADER, "the request asks for a cut, and the query's AS OF for another");
        }
        JsonValue time = plan.asOf().get().evaluate(new Frame(plan.slots(), bindings(plan.parameters(), asked.parameters())));
        return terms.at(AsOf.cut(time, edge.clock().millis()), edge.tracker().map());
    }

    private CompletableFuture<QueryResult> select(QueryRequest asked, CollectionDefinition collection, RequestTerms terms) {
        Optional<ResumePoint> resume = asked.continuationToken().isEmpty()
                ? Optional.empty()
                : Optional.of(ResumePoint.ofBytes(edge.tokens().queryContinuation(asked.continuationToken(), digest(asked, collection))));
        Fragment fragment = new Fragment(asked.text(), asked.parameters(), edge.clock().millis(), asked.pageSize(),
                ListQuery.MAX_PAGE_BYTES, resume);
        Fragment.Ready ready = fragment.ready(collection.strategy());
        QueryPlan plan = ready.plan();
        Optional<KeyRange> interval = plan.keys().interval(collection.id(), ready.bindings());
        if (plan.inKeyOrder() && !plan.distinct() && resume.isPresent()) {
            KeyRange rest = new KeyRange(resume.get().after().document(), new byte[0]);
            interval = interval.flatMap(keys -> keys.intersect(rest));
        }
        if (interval.isEmpty()) {
            return CompletableFuture.completedFuture(QueryRunner.ofNothing(ready));
        }
        ListQuery documents = new ListQuery(collection.id(), interval.get(), Optional.empty(), ListQuery.MAX_PAGE_SIZE, asked.scope(),
                asked.refusePartial(), terms.region(), terms.consistency(), terms.demand(), terms.deadline());
        return QueryRunner.run(edge.fragments(), edge.listing(), fragment, ready, documents);
    }

    private static byte[] digest(QueryRequest asked, CollectionDefinition collection) {
        return OperationIds.digest(asked.text().getBytes(StandardCharsets.UTF_8), new JsonObject(asked.parameters()).toJsonBytes(),
                (collection.id() + asked.scope().name()).getBytes(StandardCharsets.UTF_8));
    }

    private RestAnswer page(RestRequest request, QueryRequest asked, QueryResult result, CollectionDefinition collection,
            RequestTerms terms) {
        JsonValue next = result.page().next().<JsonValue>map(
                point -> Bodies.text(edge.tokens().queryContinuation(digest(asked, collection), point.toBytes()))).orElse(JsonNull.NULL);
        JsonObject body = Bodies.object("documents", new JsonArray(result.page().values()), "continuationToken", next, "coverage",
                Bodies.coverage(result.regions()), "latencyMs", latency(request));
        return answer(body, result, terms);
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

    /** EXPLAIN tells the plan; ANALYZE runs it as well and tells what it read. */
    private CompletableFuture<RestAnswer> explain(RestRequest request, QueryRequest asked, Statement.Explain explain,
            CollectionDefinition collection, RequestTerms terms) {
        if (!(explain.statement() instanceof Statement.Select select)) {
            throw new AvilaError(ErrorCode.NOT_IMPLEMENTED, "EXPLAIN of an update or delete isn't there yet");
        }
        QueryPlan plan = Planner.plan(select.query(), collection.strategy());
        // A range that is still building an index doesn't use it.
        PlanNode node = IndexChoice.of(select.query(), plan, asked.parameters(), collection.indexes().list())
                .map(access -> plan.explained().through(access, access.givesOrder(plan))).orElse(plan.explained());
        if (!explain.analyze()) {
            JsonObject body = Bodies.object("documents", JsonArray.of(node.toJson()), "plan", Bodies.text(node.toText()),
                    "continuationToken", JsonNull.NULL, "latencyMs", latency(request));
            return CompletableFuture.completedFuture(RestAnswer.json(200, body));
        }
        RequestTerms at = asOf(plan, asked, terms);
        return select(asked, collection, at).thenApply(result -> {
            JsonObject actual = Bodies.object("documentsRead", JsonNumber.of(result.documentsRead()), "bytesRead",
                    JsonNumber.of(result.bytesRead()), "rows", JsonNumber.of(result.page().values().size()), "milliseconds",
                    latency(request), "ranges", new JsonArray(result.ranges().stream().map(QueryRoutes::range).toList()));
            JsonObject body = Bodies.object("documents", JsonArray.of(node.toJson().with("actual", actual)), "plan",
                    Bodies.text(node.toText()), "continuationToken", JsonNull.NULL, "coverage", Bodies.coverage(result.regions()),
                    "latencyMs", latency(request));
            return answer(body, result, at);
        });
    }

    private static JsonValue range(RangeRun run) {
        HexFormat hex = HexFormat.of();
        return Bodies.object("region", Bodies.text(run.region()), "node", Bodies.text(run.node()), "start",
                Bodies.text(hex.formatHex(run.interval().start())), "end", Bodies.text(hex.formatHex(run.interval().end())),
                "documentsRead", JsonNumber.of(run.documents()), "bytesRead", JsonNumber.of(run.bytes()), "rows",
                JsonNumber.of(run.rows()), "milliseconds", JsonNumber.of(run.micros() / 1_000.0));
    }

    private CompletableFuture<RestAnswer> updateWhere(RestRequest request) {
        JsonObject body = request.object(Set.of("updates", "where", "parameters", "confirm"), Set.of());
        Optional<Expression> where = where(body, UPDATE_ALL);
        List<ChangePlan.Change> changes = new ArrayList<>();
        if (!(body.getOrNull("updates") instanceof JsonObject updates) || updates.members().isEmpty()) {
            throw QueryRequest.malformed("'updates' is an object of fields and their values");
        }
        updates.members().forEach((field, value) -> changes.add(change(field, value)));
        return in(request, (collection, terms) -> change(request, "updatedCount", UPDATE_ALL, true,
                QueryRequest.parameters(body.getOrNull("parameters")), collection, ChangePlan.update(where, changes, collection.strategy()),
                terms));
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
                : request.object(Set.of("where", "parameters", "confirm"), Set.of());
        Optional<Expression> where = where(body, DELETE_ALL);
        return in(request, (collection, terms) -> change(request, "deletedCount", DELETE_ALL, true,
                QueryRequest.parameters(body.getOrNull("parameters")), collection,
                ChangePlan.delete(new Query.CollectionSource(collection.name(), Optional.empty(), io.aviladb.query.language.Position.NONE),
                        where,
                        collection.strategy()),
                terms));
    }

    /** Serves with the collection of the path. */
    private interface Serving {
        CompletableFuture<RestAnswer> serve(CollectionDefinition collection, RequestTerms terms);
    }

    private CompletableFuture<RestAnswer> in(RestRequest request, Serving serving) {
        RequestTerms terms = headers.terms(request);
        return edge.definitions().collection(request.collection(), terms.deadline())
                .thenCompose(collection -> serving.serve(collection, terms));
    }

    /** Empty where all documents are meant and that was confirmed. */
    private static Optional<Expression> where(JsonObject body, String sentence) {
        JsonValue where = body.getOrNull("where");
        if (where instanceof JsonString text && !text.value().isBlank()) {
            return Optional.of(Parser.condition(text.value()));
        } else if (where != null && where != JsonNull.NULL && !(where instanceof JsonString)) {
            throw QueryRequest.malformed("'where' is a string, as in \"a = @x AND b > 3\"");
        } else if (!new JsonString("ALL").equals(body.getOrNull("confirm"))) {
            throw new AvilaError(ErrorCode.CONFIRMATION_REQUIRED, sentence);
        }
        return Optional.empty();
    }

    private CompletableFuture<RestAnswer> change(RestRequest request, String count, String sentence, boolean confirmed,
            Map<String, JsonValue> parameters, CollectionDefinition collection, ChangePlan plan, RequestTerms terms) {
        if (!plan.conditional() && !confirmed) {
            throw new AvilaError(ErrorCode.CONFIRMATION_REQUIRED, sentence);
        } else if (terms.consistency() == ReadConsistency.SNAPSHOT || terms.consistency() == ReadConsistency.PREFIX) {
            throw new AvilaError(ErrorCode.INVALID_HEADER, "a change judges documents as they are, not a state of the past");
        } else if (request.header("idempotency-key").isPresent()) {
            throw new AvilaError(ErrorCode.NOT_IMPLEMENTED, "an Idempotency-Key for a change by condition isn't there yet");
        }
        Bindings bindings = bindings(plan.parameters(), parameters);
        Optional<KeyRange> interval = plan.keys().interval(collection.id(), bindings);
        if (interval.isEmpty()) {
            return CompletableFuture.completedFuture(RestAnswer.json(200, changed(request, count, 0)));
        }
        ListQuery documents = new ListQuery(collection.id(), interval.get(), Optional.empty(), CHANGED_AT_ONCE, ListQuery.Scope.LOCAL, true,
                terms.region(), terms.consistency(), terms.demand(), terms.deadline());
        return new ChangeRunner(edge.listing(), edge.documents(), collection, plan, bindings, terms).run(documents).thenApply(done -> {
            RestAnswer answer = RestAnswer.json(200, changed(request, count, done.count()));
            return new RestAnswer(200, answer.body(), RestAnswer.JSON, Map.of(), done.session(), done.served(),
                    (int) Math.max(1, 5 * done.count()));
        });
    }

    private JsonObject changed(RestRequest request, String count, long changed) {
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        members.put(count, JsonNumber.of(changed));
        members.put("latencyMs", latency(request));
        return new JsonObject(members);
    }
}
