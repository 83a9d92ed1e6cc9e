package io.aviladb.router.edge.grpc;

import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.v1.ChangeRequest;
import io.aviladb.proto.v1.ChangeResponse;
import io.aviladb.proto.v1.QueriesGrpc;
import io.aviladb.proto.v1.QueryPage;
import io.aviladb.proto.v1.QueryRequest;
import io.aviladb.query.language.Parser;
import io.aviladb.query.language.Statement;
import io.aviladb.query.merge.PartialRow;
import io.aviladb.query.plan.ChangePlan;
import io.aviladb.router.edge.ChangeOperations;
import io.aviladb.router.edge.DocumentMetadata;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.ExplainBodies;
import io.aviladb.router.edge.PatchBodies;
import io.aviladb.router.edge.QueryOperations;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.query.Interest;
import io.aviladb.router.query.QueryResult;
import io.aviladb.router.scatter.ListQuery;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Statements, and changes by condition, over gRPC. */
final class QueriesService extends QueriesGrpc.QueriesImplBase {
    private final Edge edge;
    private final GrpcCalls calls;
    private final GrpcTerms messages;
    private final QueryOperations queries;
    private final ChangeOperations changes;

    QueriesService(Edge edge) {
        this.edge = edge;
        this.calls = new GrpcCalls(edge);
        this.messages = new GrpcTerms(edge);
        this.queries = new QueryOperations(edge);
        this.changes = new ChangeOperations(edge);
    }

    @Override
    public void query(QueryRequest request, StreamObserver<QueryPage> observer) {
        GrpcCalls.Call call = calls.begin();
        long limit = request.getMaxPages() <= 0 ? Long.MAX_VALUE : request.getMaxPages();
        PageStream.run(edge, calls, "Query", observer, limit, request.getContinuationToken(), call,
                (interest, token) -> page(request, token, call, interest));
    }

    private CompletableFuture<PageStream.Page<QueryPage>> page(QueryRequest request, String token, GrpcCalls.Call call,
            Interest interest) {
        if (request.getMaxPages() < 0) {
            throw GrpcTerms.malformed("max_pages is 0 or more");
        } else if (request.getQuery().isEmpty()) {
            throw GrpcTerms.malformed("the request lacks query");
        }
        Statement statement = Parser.statement(request.getQuery());
        if (statement instanceof Statement.Update || statement instanceof Statement.Delete) {
            throw new AvilaError(ErrorCode.QUERY_INVALID, "an UPDATE or DELETE goes to Change, not to Query");
        }
        int pageSize = request.getPageSize() == 0 ? ListQuery.DEFAULT_PAGE_SIZE : request.getPageSize();
        QueryOperations.Asked asked = new QueryOperations.Asked(request.getDatabase(), request.getQuery(),
                GrpcTerms.parameters(request.getParametersMap()), Optional.of(request.getCollection()).filter(name -> !name.isEmpty()),
                pageSize, token, GrpcTerms.scope(request.getScope()), request.getRefusePartial());
        RequestTerms terms = messages.terms(request.getContext(), call, edge.clock().nanos());
        return queries.run(statement, asked, terms, interest, collection -> null).thenApply(answered -> switch (answered) {
            case QueryOperations.Answered.Rows rows -> new PageStream.Page<>(
                    rows(rows.result().page().rows().stream().map(PartialRow::json), rows.result(), rows.at(), call)
                            .setContinuationToken(rows.continuationToken()).build(),
                    rows.continuationToken());
            case QueryOperations.Answered.Explained explained -> new PageStream.Page<>(explained(explained, call), "");
            case QueryOperations.Answered.Changed changed -> throw new IllegalStateException("a change went through Query");
        });
    }

    private QueryPage.Builder rows(Stream<byte[]> values, QueryResult result, RequestTerms at, GrpcCalls.Call call) {
        QueryPage.Builder page = QueryPage.newBuilder().setCoverage(GrpcTerms.coverage(result.regions())).setVersion(version(result.seen()))
                .setContext(messages.context(call, at.token().join(result.seen()), result.served(), at));
        values.forEach(json -> page.addRows(GrpcTerms.payload(json)));
        return page;
    }

    private static String version(VersionVector seen) {
        return DocumentMetadata.newest(seen).map(Version::toString).orElse("");
    }

    private QueryPage explained(QueryOperations.Answered.Explained explained, GrpcCalls.Call call) {
        JsonValue millis = JsonNumber.of((edge.clock().nanos() - call.startNanos()) / 1_000 / 1_000.0);
        byte[] plan = ExplainBodies.plan(explained, millis).toJsonBytes();
        return explained.actual().map(result -> rows(Stream.of(plan), result, explained.at(), call))
                .orElseGet(() -> QueryPage.newBuilder().addRows(GrpcTerms.payload(plan))
                        .setContext(messages.context(call, explained.at().token(), null)))
                .setPlan(explained.plan().toText()).build();
    }

    @Override
    public void change(ChangeRequest request, StreamObserver<ChangeResponse> observer) {
        calls.run("Change", observer, call -> {
            RequestTerms terms = messages.terms(request.getContext(), call);
            Map<String, JsonValue> parameters = GrpcTerms.parameters(request.getParametersMap());
            return edge.definitions().collection(GrpcTerms.name(request.getCollection()), terms.deadline())
                    .thenCompose(collection -> changes.run(collection, new ChangeOperations.Asked(
                            plan(request, collection.strategy()), parameters, request.getConfirmAll(), request.getPreview(),
                            request.getLimit() == 0 ? ChangeOperations.DEFAULT_LIMIT : request.getLimit()), terms,
                            messages.operation(request.hasOperation(), request.getOperation(), "Change",
                                    request.toBuilder().clearContext().clearOperation().build())))
                    .thenApply(changed -> ChangeResponse.newBuilder().setCount(changed.done().count())
                            .setVersion(version(changed.done().session()))
                            .setContext(messages.context(call, changed.done().session(), changed.done().served())).build());
        });
    }

    private static ChangePlan plan(ChangeRequest request, PartitionStrategy strategy) {
        return switch (request.getWhatCase()) {
            case UPDATE -> ChangePlan.update(ChangeOperations.condition(request.getWhere()), changes(request.getUpdate()), strategy);
            case DELETE -> ChangePlan.delete(ChangeOperations.condition(request.getWhere()), strategy);
            case STATEMENT -> statement(request, strategy);
            case WHAT_NOT_SET -> throw GrpcTerms.malformed("the request has no update, delete or statement");
        };
    }

    private static ChangePlan statement(ChangeRequest request, PartitionStrategy strategy) {
        if (!request.getWhere().isEmpty()) {
            throw GrpcTerms.malformed("a statement has its own condition: where belongs to update and delete");
        }
        Statement statement = Parser.statement(request.getStatement());
        String named = switch (statement) {
            case Statement.Update update -> update.from().collection();
            case Statement.Delete delete -> delete.from().collection();
            case Statement.Select select -> throw notAChange();
            case Statement.Explain explain -> throw notAChange();
        };
        if (!named.equals(request.getCollection().getCollection())) {
            throw GrpcTerms.malformed("the request is for '" + request.getCollection().getCollection() + "', and the statement names '"
                    + named + "'");
        }
        return statement instanceof Statement.Update update
                ? ChangePlan.update(update, strategy)
                : ChangePlan.delete(((Statement.Delete) statement).from(), ((Statement.Delete) statement).where(), strategy);
    }

    private static AvilaError notAChange() {
        return new AvilaError(ErrorCode.QUERY_INVALID, "Change takes UPDATE and DELETE; SELECT and EXPLAIN go to Query");
    }

    private static List<ChangePlan.Change> changes(ChangeRequest.Update update) {
        if (update.getAssignmentsCount() == 0) {
            throw new AvilaError(ErrorCode.INVALID_PATCH, "the update has no assignments");
        }
        List<ChangePlan.Change> changes = new ArrayList<>();
        for (ChangeRequest.Assignment assignment : update.getAssignmentsList()) {
            List<String> path = PatchBodies.path(assignment.getPath(), changes.size()).steps();
            changes.add(switch (assignment.getChangeCase()) {
                case SET -> {
                    JsonValue value = GrpcTerms.value(assignment.getSet());
                    yield new ChangePlan.Assign(path, frame -> value);
                }
                case INCREMENT -> {
                    JsonValue amount = GrpcTerms.value(assignment.getIncrement());
                    yield new ChangePlan.Increment(path, frame -> amount);
                }
                case UNSET -> new ChangePlan.Assign(path, frame -> null);
                case CHANGE_NOT_SET -> throw new AvilaError(ErrorCode.INVALID_PATCH, "an assignment sets, increments or unsets");
            });
        }
        return changes;
    }
}
