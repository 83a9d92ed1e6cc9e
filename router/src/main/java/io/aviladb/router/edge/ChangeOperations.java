package io.aviladb.router.edge;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.language.Parser;
import io.aviladb.query.language.Expression;
import io.aviladb.query.plan.ChangePlan;
import io.aviladb.router.query.ChangeRunner;
import io.aviladb.router.scatter.ListQuery;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Updates and deletes by condition. Futures fail with {@link AvilaError} or {@link RefusedException}. */
public final class ChangeOperations {
    public static final String UPDATE_ALL = "Update without WHERE clause requires explicit confirmation";
    public static final String DELETE_ALL = "Delete without WHERE clause is dangerous and not allowed";
    private static final int CHANGED_AT_ONCE = 100;

    private final Edge edge;

    public ChangeOperations(Edge edge) {
        this.edge = edge;
    }

    /** @param confirmed whether all documents are meant where there is no condition */
    public record Asked(ChangePlan plan, Map<String, JsonValue> parameters, boolean confirmed) {
        public Asked {
            parameters = Map.copyOf(parameters);
        }
    }

    /** A condition that comes by itself; empty for none. @throws AvilaError as the parser does */
    public static Optional<Expression> condition(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(Parser.condition(text));
    }

    public CompletableFuture<QueryOperations.Answered.Changed> run(CollectionDefinition collection, Asked asked, RequestTerms terms) {
        ChangePlan plan = asked.plan();
        boolean deletes = plan.changes().isEmpty();
        if (!plan.conditional() && !asked.confirmed()) {
            throw new AvilaError(ErrorCode.CONFIRMATION_REQUIRED, deletes ? DELETE_ALL : UPDATE_ALL);
        } else if (terms.consistency() == ReadConsistency.SNAPSHOT || terms.consistency() == ReadConsistency.PREFIX) {
            throw new AvilaError(ErrorCode.INVALID_HEADER, "a change judges documents as they are, not a state of the past");
        }
        Bindings bindings = Bindings.of(plan.parameters(), asked.parameters(), Instant.ofEpochMilli(edge.clock().millis()));
        Optional<KeyRange> interval = plan.keys().interval(collection.id(), bindings);
        if (interval.isEmpty()) {
            return CompletableFuture.completedFuture(
                    new QueryOperations.Answered.Changed(new ChangeRunner.Changed(0, terms.token(), null), deletes));
        }
        ListQuery documents = new ListQuery(collection.id(), interval.get(), Optional.empty(), CHANGED_AT_ONCE, ListQuery.Scope.LOCAL, true,
                terms.region(), terms.consistency(), terms.demand(), terms.deadline());
        return new ChangeRunner(edge.listing(), edge.documents(), collection, plan, bindings, terms).run(documents)
                .thenApply(done -> new QueryOperations.Answered.Changed(done, deletes));
    }
}
