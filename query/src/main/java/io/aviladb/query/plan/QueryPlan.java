package io.aviladb.query.plan;

import io.aviladb.query.eval.Evaluator;
import io.aviladb.query.eval.Unnest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A SELECT ready to run, without the values of its parameters.
 *
 * @param collection its name
 * @param slots of a frame; slot {@code document} holds the document
 * @param where the condition for a row
 * @param grouping for aggregates; empty where rows are documents or their elements
 * @param orderKeys of ORDER BY; for groups followed by the groups' own values
 * @param descending one for each of ORDER BY's keys
 * @param value what a row becomes
 * @param parameters names that need values
 * @param asOf the time to read at
 * @param readsDocument whether rows depend on what is in a document, not only on there being one
 */
public record QueryPlan(String collection, int slots, int document, List<Unnest> unnests, KeyConditions keys, Evaluator where,
        Optional<Grouping> grouping, List<Evaluator> orderKeys, List<Boolean> descending, Evaluator value, boolean distinct,
        Optional<Evaluator> limit, Optional<Evaluator> offset, Set<String> parameters, Optional<Evaluator> asOf, boolean readsDocument,
        PlanNode explained) {
    public QueryPlan {
        unnests = List.copyOf(unnests);
        orderKeys = List.copyOf(orderKeys);
        descending = List.copyOf(descending);
        parameters = Set.copyOf(parameters);
    }

    /** Whether rows leave in the order in which documents come. */
    public boolean inKeyOrder() {
        return orderKeys.isEmpty() && grouping.isEmpty();
    }

    /**
     * GROUP BY and aggregates.
     *
     * @param keys what makes a group
     * @param keySlots where a group's values are put
     * @param everything whether there is one group of all rows, even of none
     */
    public record Grouping(List<Evaluator> keys, List<Integer> keySlots, List<Aggregate> aggregates, Optional<Evaluator> having,
            boolean everything) {
        public Grouping {
            keys = List.copyOf(keys);
            keySlots = List.copyOf(keySlots);
            aggregates = List.copyOf(aggregates);
        }
    }

    /** One aggregate, and the slot for its result. */
    public record Aggregate(String name, boolean distinct, Evaluator argument, int slot) {}
}
