package io.aviladb.router.edge;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.Precondition;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Parser;
import io.aviladb.query.language.Query;
import io.aviladb.query.language.Statement;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.ResumePoint;
import io.aviladb.query.plan.ChangePlan;
import io.aviladb.query.plan.KeyConditions;
import io.aviladb.query.plan.Planner;
import io.aviladb.router.query.Candidates;
import io.aviladb.router.query.ChangeRunner;
import io.aviladb.router.query.Interest;
import io.aviladb.router.query.QueryResult;
import io.aviladb.router.query.QueryRunner;
import io.aviladb.router.route.Failure;
import io.aviladb.router.scatter.ListQuery;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Updates and deletes by condition. Futures fail with {@link AvilaError} or {@link RefusedException}. */
public final class ChangeOperations {
    public static final String UPDATE_ALL = "Update without WHERE clause requires explicit confirmation";
    public static final String DELETE_ALL = "Delete without WHERE clause is dangerous and not allowed";
    /** Documents that a change touches at most where the request names no limit of its own. */
    public static final long DEFAULT_LIMIT = 100_000;
    private static final int CHANGED_AT_ONCE = 100;

    private final Edge edge;

    public ChangeOperations(Edge edge) {
        this.edge = edge;
    }

    /**
     * What is asked.
     *
     * @param confirmed whether all documents are meant where there is no condition
     * @param preview whether to tell how many documents the condition accepts, and change none
     * @param limit documents at most: where there are more, none is changed
     */
    public record Asked(ChangePlan plan, Map<String, JsonValue> parameters, boolean confirmed, boolean preview, long limit) {
        public Asked {
            parameters = Map.copyOf(parameters);
            if (limit < 1) {
                throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "'limit' is a whole number from 1");
            }
        }

        /** A change as it stands in a statement. */
        static Asked ofStatement(ChangePlan plan, Map<String, JsonValue> parameters) {
            return new Asked(plan, parameters, false, false, DEFAULT_LIMIT);
        }
    }

    /** A condition that comes by itself; empty for none. @throws AvilaError as the parser does */
    public static Optional<Expression> condition(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(Parser.condition(text));
    }

    /** @param operation within which each document is changed once, however often the request comes; absent for none */
    public CompletableFuture<QueryOperations.Answered.Changed> run(CollectionDefinition collection, Asked asked, RequestTerms request,
            @Nullable OperationId operation) {
        ChangePlan plan = asked.plan();
        if (!plan.conditional() && !asked.confirmed() && !asked.preview()) {
            throw new AvilaError(ErrorCode.CONFIRMATION_REQUIRED, plan.deletes() ? DELETE_ALL : UPDATE_ALL);
        } else if (request.consistency() == ReadConsistency.SNAPSHOT || request.consistency() == ReadConsistency.PREFIX) {
            throw new AvilaError(ErrorCode.INVALID_HEADER, "a change judges documents as they are, not a state of the past");
        }
        RequestTerms terms = operation == null ? request : request.in(edge.documents().home(operation, request));
        Instant now = Instant.ofEpochMilli(edge.clock().millis());
        Bindings bindings = Bindings.of(plan.parameters(), asked.parameters(), now);
        Optional<KeyRange> interval = plan.keys().interval(collection.id(), bindings);
        if (interval.isEmpty()) {
            return CompletableFuture.completedFuture(new QueryOperations.Answered.Changed(
                    new ChangeRunner.Changed(0, terms.token(), null), plan.deletes(), asked.preview()));
        }
        Selection selection = new Selection(collection, asked, terms, now, interval);
        if (asked.preview()) {
            return selection.count().thenApply(result -> new QueryOperations.Answered.Changed(
                    new ChangeRunner.Changed(number(result), terms.token().join(result.seen()), result.served()), plan.deletes(), true));
        }
        boolean one = plan.keys().access() == KeyConditions.Access.POINT;
        CompletableFuture<Void> allowed = one ? CompletableFuture.completedFuture(null) : selection.count().thenAccept(result -> {
            if (number(result) > asked.limit()) {
                throw new AvilaError(ErrorCode.CHANGE_TOO_LARGE, "the condition accepts " + number(result)
                        + " documents, and the change may touch " + asked.limit() + "; none was changed");
            }
        });
        return allowed.thenCompose(yes -> opened(collection, operation, terms)).thenCompose(
                yes -> new ChangeRunner(edge.documents(), collection, plan, bindings, terms, operation).run(selection.candidates()))
                .thenApply(done -> new QueryOperations.Answered.Changed(done, plan.deletes(), false));
    }

    private static long number(QueryResult count) {
        return ((JsonNumber) count.page().values().get(0)).toLong().orElseThrow();
    }

    /**
     * Leaves the operation's id at one place of the collection, so that it is known when it comes again for another request. That is a delete of what isn't
     * there: its refusal is what is kept.
     */
    private CompletableFuture<Void> opened(CollectionDefinition collection, @Nullable OperationId operation, RequestTerms terms) {
        if (operation == null) {
            return CompletableFuture.completedFuture(null);
        }
        String id = "_operation-" + HexFormat.of().formatHex(operation.client()) + "-" + operation.sequence();
        List<JsonValue> partition = collection.strategy() instanceof PartitionStrategy.Fields fields
                ? fields.levels().stream().<JsonValue>map(level -> new JsonString(id)).toList()
                : List.of();
        DocumentKey place = DocumentKey.of(collection.id(), collection.strategy(), partition, id);
        return edge.documents().change(place, id, Precondition.PRESENT, new Mutation.Delete(), operation, terms).handle((done, thrown) -> {
            Throwable cause = thrown == null ? null : Failure.unwrap(thrown);
            if (cause instanceof RefusedException refused && refused.error().code() == ErrorCode.DOCUMENT_NOT_FOUND) {
                return null;
            } else if (cause instanceof AvilaError error) {
                throw error;
            } else if (cause instanceof RefusedException refused) {
                throw refused;
            }
            throw new IllegalStateException("a document has a reserved id", cause);
        });
    }

    /** How a change would run. */
    QueryOperations.Explanation explain(CollectionDefinition collection, Asked asked) {
        ChangePlan plan = asked.plan();
        QueryOperations.Explanation selection = QueryOperations.explanation(select(plan.selection(collection.name(), "TRUE")), collection,
                asked.parameters());
        return new QueryOperations.Explanation(plan.explained(selection.node()), selection.plan());
    }

    /** Runs the condition alone: a row for each document that would be changed, and what they were found by. */
    CompletableFuture<QueryResult> count(CollectionDefinition collection, Asked asked, RequestTerms terms) {
        Instant now = Instant.ofEpochMilli(edge.clock().millis());
        Bindings bindings = Bindings.of(asked.plan().parameters(), asked.parameters(), now);
        Optional<KeyRange> interval = asked.plan().keys().interval(collection.id(), bindings);
        return new Selection(collection, asked, terms, now, interval).count();
    }

    private static Query select(String text) {
        return ((Statement.Select) Parser.statement(text)).query();
    }

    /** The documents that a condition accepts, found where they are. */
    private final class Selection {
        private final CollectionDefinition collection;
        private final Asked asked;
        private final RequestTerms terms;
        private final Instant now;
        private final Optional<KeyRange> interval; // empty where no key can match

        Selection(CollectionDefinition collection, Asked asked, RequestTerms terms, Instant now, Optional<KeyRange> interval) {
            this.collection = collection;
            this.asked = asked;
            this.terms = terms;
            this.now = now;
            this.interval = interval;
        }

        CompletableFuture<QueryResult> count() {
            return ask(fragment("COUNT(*)"));
        }

        /** Without a condition every state is needed, and comes with its key. */
        Candidates candidates() {
            return asked.plan().conditional()
                    ? Candidates.selected(fragment("TRUE"), this::ask)
                    : Candidates.listed(edge.listing(), documents(interval.orElseThrow(), CHANGED_AT_ONCE));
        }

        private Fragment fragment(String value) {
            String text = asked.plan().selection(collection.name(), value);
            Map<String, JsonValue> parameters = new LinkedHashMap<>(asked.parameters());
            parameters.keySet().retainAll(Planner.plan(select(text), collection.strategy()).parameters());
            return new Fragment(text, parameters, now.toEpochMilli(), CHANGED_AT_ONCE, ListQuery.MAX_PAGE_BYTES, Optional.empty());
        }

        private ListQuery documents(KeyRange keys, int pageSize) {
            return new ListQuery(collection.id(), keys, Optional.empty(), pageSize, ListQuery.Scope.LOCAL, true, terms.region(),
                    terms.consistency(), terms.demand(), terms.deadline());
        }

        private CompletableFuture<QueryResult> ask(Fragment fragment) {
            Fragment.Ready ready = fragment.ready(collection.strategy());
            Optional<KeyRange> keys = fragment.resume().map(ResumePoint::after)
                    .map(after -> interval.flatMap(all -> all.intersect(new KeyRange(after.document(), new byte[0])))).orElse(interval);
            return keys.map(rest -> QueryRunner.run(edge.fragments(), edge.listing(), fragment, ready,
                    documents(rest, ListQuery.MAX_PAGE_SIZE), new Interest()))
                    .orElseGet(() -> CompletableFuture.completedFuture(QueryRunner.ofNothing(ready)));
        }
    }
}
