package io.aviladb.query.plan;

import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.eval.Evaluator;
import io.aviladb.query.eval.ExpressionCompiler;
import io.aviladb.query.eval.Projections;
import io.aviladb.query.eval.Scope;
import io.aviladb.query.eval.Unnest;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Printer;
import io.aviladb.query.language.Query;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes a plan of a query for a collection, in one pass and by fixed rules. */
public final class Planner {
    private final Query query;
    private final PartitionStrategy strategy;
    private final Scope scope = new Scope();
    private final ExpressionCompiler compiler = new ExpressionCompiler(scope);
    private final Query.CollectionSource collection;
    private final int document;

    private Planner(Query query, PartitionStrategy strategy) {
        this.query = query;
        this.strategy = strategy;
        this.collection = (Query.CollectionSource) query.sources().get(0);
        this.document = scope.document(collection.alias().orElse(collection.collection()));
        collection.alias().ifPresent(alias -> scope.alias(alias, document, collection.at()));
    }

    /** @throws AvilaError {@link ErrorCode#QUERY_INVALID} */
    public static QueryPlan plan(Query query, PartitionStrategy strategy) {
        return new Planner(query, strategy).plan();
    }

    private QueryPlan plan() {
        List<Unnest> unnests = Unnest.compile(query.sources(), scope, compiler);
        Evaluator where = query.where().map(compiler::compile).orElse(frame -> JsonBoolean.TRUE);
        KeyConditions keys = keys(unnests);
        Optional<Evaluator> limit = query.limit().map(this::constant);
        Optional<Evaluator> offset = query.offset().map(this::constant);
        Optional<Evaluator> asOf = query.asOf().map(this::constant);
        List<Query.Order> orders = query.orderBy().stream().map(order -> withoutAlias(query, order)).toList();
        Optional<QueryPlan.Grouping> grouping = grouping(orders);
        List<Evaluator> orderKeys = new ArrayList<>(orders.stream().map(order -> compiler.compile(order.key())).toList());
        Evaluator value = Projections.compile(query, compiler);
        grouping.ifPresent(groups -> groups.keySlots().forEach(slot -> orderKeys.add(frame -> frame.get(slot))));
        return new QueryPlan(collection.collection(), scope.slots(), document, unnests, keys, where, grouping, orderKeys,
                orders.stream().map(Query.Order::descending).toList(), value, query.distinct(), limit, offset, compiler.parameters(), asOf,
                scope.readsDocument(), explained(keys, orders, grouping.isPresent()));
    }

    private KeyConditions keys(List<Unnest> unnests) {
        List<Expression> conjuncts = query.where().map(Walk::conjuncts).orElse(List.of());
        return KeyConditions.of(strategy, conjuncts, collection.alias(), unnests.stream().map(Unnest::alias).toList(), compiler);
    }

    /** An expression that reads no document. */
    private Evaluator constant(Expression expression) {
        ExpressionCompiler constants = new ExpressionCompiler(new Scope());
        Evaluator evaluator = constants.compile(expression);
        compiler.parameters().addAll(constants.parameters());
        return evaluator;
    }

    /** ORDER BY may name a column. */
    static Query.Order withoutAlias(Query query, Query.Order order) {
        if (order.key() instanceof Expression.Name name && query.projection() instanceof Query.Items items) {
            for (Query.Item item : items.items()) {
                if (item instanceof Query.Column column && column.alias().filter(name.name()::equals).isPresent()) {
                    return new Query.Order(column.value(), order.descending());
                }
            }
        }
        return order;
    }

    /** After this the scope knows groups and aggregates, and no document. */
    private Optional<QueryPlan.Grouping> grouping(List<Query.Order> orders) {
        Stream<Expression> outputs = switch (query.projection()) {
            case Query.Single single -> Stream.of(single.value());
            case Query.Items items -> items.items().stream()
                    .flatMap(item -> item instanceof Query.Column column ? Stream.of(column.value()) : Stream.empty());
        };
        Map<String, Expression.Call> calls = new LinkedHashMap<>();
        Stream.of(outputs, query.having().stream(), orders.stream().map(Query.Order::key)).flatMap(all -> all)
                .flatMap(expression -> Walk.aggregates(expression).stream()).forEach(call -> calls.putIfAbsent(Printer.text(call), call));
        if (query.groupBy().isEmpty() && calls.isEmpty()) {
            if (query.having().isPresent()) {
                throw new AvilaError(ErrorCode.QUERY_INVALID, "at " + query.at() + ": HAVING needs GROUP BY or an aggregate");
            }
            return Optional.empty();
        }
        List<Evaluator> keys = query.groupBy().stream().map(compiler::compile).toList();
        List<Evaluator> arguments = calls.values().stream().map(this::argument).toList();
        List<Integer> keySlots = query.groupBy().stream().map(scope::computed).toList();
        List<QueryPlan.Aggregate> aggregates = new ArrayList<>();
        for (Expression.Call call : calls.values()) {
            aggregates.add(new QueryPlan.Aggregate(call.name(), call.distinct(), arguments.get(aggregates.size()), scope.computed(call)));
        }
        scope.grouped();
        return Optional.of(new QueryPlan.Grouping(keys, keySlots, aggregates, query.having().map(compiler::compile),
                query.groupBy().isEmpty()));
    }

    private Evaluator argument(Expression.Call call) {
        if (call.star() && !call.name().equalsIgnoreCase("COUNT")) {
            throw new AvilaError(ErrorCode.QUERY_INVALID, "at " + call.at() + ": only COUNT takes *");
        } else if (!call.star() && call.arguments().size() != 1) {
            throw new AvilaError(ErrorCode.QUERY_INVALID,
                    "at " + call.at() + ": " + call.name() + " takes 1 argument, not " + call.arguments().size());
        }
        return call.star() ? frame -> JsonBoolean.TRUE : compiler.compile(call.arguments().get(0));
    }

    private PlanNode explained(KeyConditions keys, List<Query.Order> orders, boolean grouped) {
        Map<String, String> access = new LinkedHashMap<>();
        access.put("collection", collection.collection());
        access.put("access", keys.access().toString());
        if (!keys.shown().isEmpty()) {
            access.put("key", keys.shown().toString());
        }
        PlanNode node = new PlanNode("Scan", "PARTIAL", access, Optional.empty());
        for (Query.Source source : query.sources().subList(1, query.sources().size())) {
            node = above(node, "Unnest", "PARTIAL", Map.of("array", Printer.text(((Query.ElementSource) source).array())));
        }
        if (query.where().isPresent()) {
            node = above(node, "Filter", "PARTIAL", Map.of("condition", Printer.text(query.where().get())));
        }
        if (grouped) {
            String groups = String.join(", ", query.groupBy().stream().map(Printer::text).toList());
            node = above(node, "Aggregate", "PARTIAL", Map.of("groups", groups));
            node = above(node, "Merge", "FINAL", Map.of("groups", groups));
        }
        return ordered(node, orders, grouped);
    }

    private PlanNode ordered(PlanNode below, List<Query.Order> orders, boolean grouped) {
        PlanNode node = below;
        if (query.having().isPresent()) {
            node = above(node, "Filter", "FINAL", Map.of("condition", Printer.text(query.having().get())));
        }
        if (query.distinct()) {
            node = above(node, "Distinct", grouped ? "FINAL" : "PARTIAL", Map.of());
        }
        if (!orders.isEmpty()) {
            String keys = String.join(", ",
                    orders.stream().map(order -> Printer.text(order.key()) + (order.descending() ? " DESC" : "")).toList());
            boolean top = query.limit().isPresent() && !query.distinct();
            node = above(node, top ? "TopK" : "Sort", grouped ? "FINAL" : "PARTIAL",
                    Map.of("keys", keys + (grouped ? ", then the group's values" : ", then the document's key")));
        }
        if (query.limit().isPresent() || query.offset().isPresent()) {
            Map<String, String> details = new LinkedHashMap<>();
            query.limit().ifPresent(limit -> details.put("count", Printer.text(limit)));
            query.offset().ifPresent(offset -> details.put("offset", Printer.text(offset)));
            node = above(node, "Limit", "FINAL", details);
        }
        return above(node, "Result", "FINAL", Map.of());
    }

    private static PlanNode above(PlanNode input, String operator, String where, Map<String, String> details) {
        return new PlanNode(operator, where, details, Optional.of(input));
    }
}
