package io.aviladb.router.edge;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.write.OperationId;
import io.aviladb.query.eval.Frame;
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
import io.aviladb.router.query.ChangeRunner;
import io.aviladb.router.query.Interest;
import io.aviladb.router.query.QueryResult;
import io.aviladb.router.query.QueryRunner;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.topology.CollectionName;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What can be done with statements of the query language. Futures fail with {@link AvilaError} or {@link RefusedException}. */
public final class QueryOperations {
    private final Edge edge;
    private final ChangeOperations changes;

    public QueryOperations(Edge edge) {
        this.edge = edge;
        this.changes = new ChangeOperations(edge);
    }

    /**
     * A statement, and which of its rows are wanted.
     *
     * @param collection refused where FROM names another
     * @param continuationToken of the page before; empty for the first one
     */
    public record Asked(String database, String text, Map<String, JsonValue> parameters, Optional<String> collection, int pageSize,
            String continuationToken, ListQuery.Scope scope, boolean refusePartial) {
        public Asked {
            parameters = Map.copyOf(parameters);
            if (pageSize < 1 || pageSize > ListQuery.MAX_PAGE_SIZE) {
                throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "a page has 1 to " + ListQuery.MAX_PAGE_SIZE + " rows, not " + pageSize);
            }
        }

        /** The same for the page behind. */
        public Asked after(String token) {
            return new Asked(database, text, parameters, collection, pageSize, token, scope, refusePartial);
        }
    }

    /** What came of a statement. */
    public sealed interface Answered {
        /**
         * A page of rows.
         *
         * @param continuationToken empty at the end
         * @param at the terms that it was read with: those that were asked, and the cut
         */
        record Rows(QueryResult result, String continuationToken, RequestTerms at) implements Answered {}

        /** A plan. @param actual what the query read, where it was run as well */
        record Explained(PlanNode plan, Optional<QueryResult> actual, RequestTerms at) implements Answered {}

        /**
         * Documents were changed.
         *
         * @param deleted whether that was to delete them
         * @param preview whether none was changed, and the count is of those that would be
         */
        record Changed(ChangeRunner.Changed done, boolean deleted, boolean preview) implements Answered {}
    }

    /** A plan as it is shown, and what it is of. */
    record Explanation(PlanNode node, QueryPlan plan) {}

    /**
     * @param operation of a change, by the collection's id; gives none for a request that carries none
     * @throws AvilaError as the parser does
     */
    public CompletableFuture<Answered> run(Asked asked, RequestTerms terms, Interest interest,
            IntFunction<@Nullable OperationId> operation) {
        return run(Parser.statement(asked.text()), asked, terms, interest, operation);
    }

    /** @param statement that the text is */
    public CompletableFuture<Answered> run(Statement statement, Asked asked, RequestTerms terms, Interest interest,
            IntFunction<@Nullable OperationId> operation) {
        String name = collection(statement);
        asked.collection().filter(given -> !given.equals(name)).ifPresent(given -> {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "'collection' is '" + given + "', and the query's FROM names '" + name + "'");
        });
        return edge.definitions().collection(new CollectionName(asked.database(), name), terms.deadline())
                .thenCompose(collection -> switch (statement) {
                    case Statement.Update update -> change(update, asked, collection, terms, operation);
                    case Statement.Delete delete -> change(delete, asked, collection, terms, operation);
                    case Statement.Select select -> terms.serve(there -> chosen(collection, there)
                            .thenCompose(at -> rows(asked, collection, at, interest)));
                    case Statement.Explain explain -> terms.serve(there -> chosen(collection, there)
                            .thenCompose(at -> explain(asked, explain, collection, at, interest)));
                });
    }

    private static String collection(Statement statement) {
        return switch (statement) {
            case Statement.Select select -> ((Query.CollectionSource) select.query().sources().get(0)).collection();
            case Statement.Update update -> update.from().collection();
            case Statement.Delete delete -> delete.from().collection();
            case Statement.Explain explain -> collection(explain.statement());
        };
    }

    private CompletableFuture<RequestTerms> chosen(CollectionDefinition collection, RequestTerms terms) {
        return edge.snapshots().chosen(terms, collection.id(), KeyRange.collection(collection.id()));
    }

    private CompletableFuture<Answered> rows(Asked asked, CollectionDefinition collection, RequestTerms terms, Interest interest) {
        Prepared prepared = prepared(asked, collection);
        RequestTerms at = asOf(prepared.ready(), terms);
        return select(prepared, asked, collection, at, interest)
                .thenApply(result -> new Answered.Rows(result, continuation(asked, result, collection), at));
    }

    private CompletableFuture<Answered> change(Statement statement, Asked asked, CollectionDefinition collection, RequestTerms terms,
            IntFunction<@Nullable OperationId> operation) {
        return changes.run(collection, change(statement, asked, collection), terms, operation.apply(collection.id()))
                .thenApply(done -> done);
    }

    /** The terms, with the cut of an AS OF. */
    private RequestTerms asOf(Fragment.Ready ready, RequestTerms terms) {
        QueryPlan plan = ready.plan();
        if (plan.asOf().isEmpty()) {
            return terms;
        } else if (terms.consistency() == ReadConsistency.SNAPSHOT) {
            throw new AvilaError(ErrorCode.INVALID_HEADER, "the request asks for a cut, and the query's AS OF for another");
        }
        JsonValue time = plan.asOf().get().evaluate(new Frame(plan.slots(), ready.bindings()));
        return terms.at(AsOf.cut(time, edge.clock().millis()), edge.tracker().map());
    }

    private record Prepared(Fragment fragment, Fragment.Ready ready) {}

    /** Planned once for each shape: see {@link Fragment#ready}. */
    private Prepared prepared(Asked asked, CollectionDefinition collection) {
        Optional<ResumePoint> resume = asked.continuationToken().isEmpty()
                ? Optional.empty()
                : Optional.of(ResumePoint.ofBytes(edge.tokens().queryContinuation(asked.continuationToken(), digest(asked, collection))));
        Fragment fragment = new Fragment(asked.text(), asked.parameters(), edge.clock().millis(), asked.pageSize(),
                ListQuery.MAX_PAGE_BYTES, resume);
        return new Prepared(fragment, fragment.ready(collection.strategy()));
    }

    private CompletableFuture<QueryResult> select(Prepared prepared, Asked asked, CollectionDefinition collection, RequestTerms terms,
            Interest interest) {
        Fragment.Ready ready = prepared.ready();
        QueryPlan plan = ready.plan();
        Optional<ResumePoint> resume = prepared.fragment().resume();
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
        return QueryRunner.run(edge.fragments(), edge.listing(), prepared.fragment(), ready, documents, interest);
    }

    private static byte[] digest(Asked asked, CollectionDefinition collection) {
        return OperationIds.digest(asked.text().getBytes(StandardCharsets.UTF_8), new JsonObject(asked.parameters()).toJsonBytes(),
                (collection.id() + asked.scope().name()).getBytes(StandardCharsets.UTF_8));
    }

    private String continuation(Asked asked, QueryResult result, CollectionDefinition collection) {
        return result.page().next().map(point -> edge.tokens().queryContinuation(digest(asked, collection), point.toBytes())).orElse("");
    }

    private static ChangeOperations.Asked change(Statement statement, Asked asked, CollectionDefinition collection) {
        ChangePlan plan = statement instanceof Statement.Update update
                ? ChangePlan.update(update, collection.strategy())
                : ChangePlan.delete(((Statement.Delete) statement).from(), ((Statement.Delete) statement).where(), collection.strategy());
        return ChangeOperations.Asked.ofStatement(plan, asked.parameters());
    }

    static Explanation explanation(Query query, CollectionDefinition collection, Map<String, JsonValue> parameters) {
        QueryPlan plan = Planner.plan(query, collection.strategy());
        // A range that is still building an index doesn't use it.
        return new Explanation(IndexChoice.of(query, plan, parameters, collection.indexes().list())
                .map(access -> plan.explained().through(access, access.givesOrder(plan))).orElse(plan.explained()), plan);
    }

    /** EXPLAIN tells the plan; ANALYZE runs it as well and tells what it read. Of a change it runs the condition alone: nothing is changed. */
    private CompletableFuture<Answered> explain(Asked asked, Statement.Explain explain, CollectionDefinition collection,
            RequestTerms terms, Interest interest) {
        boolean selects = explain.statement() instanceof Statement.Select;
        Explanation explanation = explain.statement() instanceof Statement.Select select
                ? explanation(select.query(), collection, asked.parameters())
                : changes.explain(collection, change(explain.statement(), asked, collection));
        if (!explain.analyze()) {
            return CompletableFuture.completedFuture(new Answered.Explained(explanation.node(), Optional.empty(), terms));
        }
        if (selects) {
            Prepared prepared = prepared(asked, collection);
            RequestTerms at = asOf(prepared.ready(), terms);
            return select(prepared, asked, collection, at, interest)
                    .thenApply(actual -> new Answered.Explained(explanation.node(), Optional.of(actual), at));
        }
        return changes.count(collection, change(explain.statement(), asked, collection), terms)
                .thenApply(actual -> new Answered.Explained(explanation.node(), Optional.of(actual), terms));
    }
}
