package io.aviladb.query.merge;

import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.language.Parser;
import io.aviladb.query.language.Query;
import io.aviladb.query.language.Statement;
import io.aviladb.query.plan.IndexAccess;
import io.aviladb.query.plan.IndexChoice;
import io.aviladb.query.plan.Planner;
import io.aviladb.query.plan.QueryPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Plans by shape: the statement's text, whose parameters travel beside it, and the partition key. A plan is a pure function of the two, and an index's choice
 * one of the plan and the set of indexes, so nothing depends on whether they were kept. Thread-safe.
 *
 * <p>Where an index has a condition, parameters' values have a say in the choice: such a choice isn't kept. An index never changes, and its id is never
 * given twice in its collection, but collections share statements: the definitions themselves are the key.
 */
public final class PlanCache {
    /** Sets of indexes for which one plan keeps its choice. */
    private static final int MAX_SETS = 16;

    private final int maxCharacters;
    private int characters; // guarded by this, as is the map
    private final LinkedHashMap<Shape, Planned> plans = new LinkedHashMap<>(64, 0.75f, true);

    private record Shape(String statement, PartitionStrategy strategy) {}

    /** @param maxCharacters of statements in all; what was used least lately goes */
    public PlanCache(int maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    /** A query with its plan. */
    public static final class Planned {
        private final Query query;
        private final QueryPlan plan;
        private final Map<List<IndexDefinition>, Optional<IndexAccess>> choices = new ConcurrentHashMap<>();

        private Planned(Query query, QueryPlan plan) {
            this.query = query;
            this.plan = plan;
        }

        public Query query() {
            return query;
        }

        public QueryPlan plan() {
            return plan;
        }

        /** As {@link IndexChoice#of}. */
        public Optional<IndexAccess> index(Map<String, JsonValue> parameters, List<IndexDefinition> usable) {
            if (usable.isEmpty()) {
                return Optional.empty();
            }
            Optional<IndexAccess> known = choices.get(usable);
            if (known != null) {
                return known;
            }
            Optional<IndexAccess> chosen = IndexChoice.of(query, plan, parameters, usable);
            if (choices.size() < MAX_SETS && usable.stream().allMatch(index -> index.where().isEmpty())) {
                choices.put(List.copyOf(usable), chosen);
            }
            return chosen;
        }
    }

    /**
     * @param query takes the query out of the statement
     * @throws AvilaError as the parser and the planner do
     */
    Planned planned(String statement, PartitionStrategy strategy, Function<Statement, Query> query) {
        Shape shape = new Shape(statement, strategy);
        synchronized (this) {
            Planned known = plans.get(shape);
            if (known != null) {
                return known;
            }
        }
        Query parsed = query.apply(Parser.statement(statement));
        Planned planned = new Planned(parsed, Planner.plan(parsed, strategy));
        keep(shape, planned);
        return planned;
    }

    private synchronized void keep(Shape shape, Planned planned) {
        if (shape.statement().length() > maxCharacters || plans.putIfAbsent(shape, planned) != null) {
            return;
        }
        characters += shape.statement().length();
        var oldest = plans.entrySet().iterator();
        while (characters > maxCharacters) {
            characters -= oldest.next().getKey().statement().length();
            oldest.remove();
        }
    }

    synchronized int size() {
        return plans.size();
    }
}
