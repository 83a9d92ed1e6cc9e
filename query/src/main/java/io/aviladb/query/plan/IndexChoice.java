package io.aviladb.query.plan;

import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonValue;
import io.aviladb.query.eval.ExpressionCompiler;
import io.aviladb.query.eval.Evaluator;
import io.aviladb.query.eval.Scope;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Parser;
import io.aviladb.query.language.Printer;
import io.aviladb.query.language.Query;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which index serves a query best, by fixed rules: one that has constants for more of its leading fields before one with fewer, then one with bounds
 * for the next field, then one that gives the order; of equals the older. None where one key is meant, or where the keys' own prefix narrows more.
 */
public final class IndexChoice {
    private final Query query;
    private final QueryPlan plan;
    private final Map<String, JsonValue> parameters;
    private final List<String> otherAliases;
    private final Map<FieldPath, Field> fields = new LinkedHashMap<>();
    private final Set<String> conjuncts = new HashSet<>();

    /** What the condition says of a field. */
    private static final class Field {
        IndexAccess.@Nullable Equal equal;
        boolean single; // one constant, so that the field is the same in all rows
        @Nullable
        Evaluator low;
        @Nullable
        Evaluator high;
        final List<String> conditions = new ArrayList<>();
    }

    private IndexChoice(Query query, QueryPlan plan, Map<String, JsonValue> parameters) {
        this.query = query;
        this.plan = plan;
        this.parameters = parameters;
        this.otherAliases = plan.unnests().stream().map(unnest -> unnest.alias()).toList();
        query.where().map(Walk::conjuncts).orElse(List.of()).forEach(this::read);
    }

    /**
     * @param parameters their values, as far as they are known: a partial index may be implied by one
     * @param indexes those that may be used: in the range that is read they are whole
     */
    public static Optional<IndexAccess> of(Query query, QueryPlan plan, Map<String, JsonValue> parameters, List<IndexDefinition> indexes) {
        if (indexes.isEmpty() || plan.keys().access() == KeyConditions.Access.POINT) {
            return Optional.empty();
        }
        IndexChoice choice = new IndexChoice(query, plan, parameters);
        IndexAccess best = null;
        int bestScore = 0;
        for (IndexDefinition index : indexes) {
            IndexAccess access = choice.access(index);
            int score = access == null ? 0 : choice.score(access);
            if (score > bestScore) {
                best = access;
                bestScore = score;
            }
        }
        return Optional.ofNullable(best);
    }

    private int score(IndexAccess access) {
        return 4 * access.equated() + (access.conditions().size() > access.equated() ? 2 : 0) + (access.givesOrder(plan) ? 1 : 0);
    }

    private void read(Expression conjunct) {
        ConditionText.of(conjunct, collectionAlias(), otherAliases, parameters).ifPresent(conjuncts::add);
        switch (conjunct) {
            case Expression.Binary binary -> {
                compare(binary.left(), binary.operator(), binary.right(), conjunct);
                compare(binary.right(), mirrored(binary.operator()), binary.left(), conjunct);
            }
            case Expression.Between between when !between.negated() && isConstant(between.low()) && isConstant(between.high()) -> {
                compare(between.operand(), Expression.BinaryOperator.AT_LEAST, between.low(), conjunct);
                compare(between.operand(), Expression.BinaryOperator.AT_MOST, between.high(), conjunct);
            }
            case Expression.InList in when !in.negated() && in.elements().stream().allMatch(IndexChoice::isConstant) ->
                equal(in.operand(), new IndexAccess.Equal(in.elements().stream().map(IndexChoice::compiled).toList(), false), conjunct);
            case Expression.InArray in when !in.negated() && in.array() instanceof Expression.Parameter ->
                equal(in.operand(), new IndexAccess.Equal(List.of(compiled(in.array())), true), conjunct);
            default -> {
            }
        }
    }

    private static Expression.BinaryOperator mirrored(Expression.BinaryOperator operator) {
        return switch (operator) {
            case LESS -> Expression.BinaryOperator.GREATER;
            case AT_MOST -> Expression.BinaryOperator.AT_LEAST;
            case GREATER -> Expression.BinaryOperator.LESS;
            case AT_LEAST -> Expression.BinaryOperator.AT_MOST;
            default -> operator;
        };
    }

    private void compare(Expression operand, Expression.BinaryOperator operator, Expression constant, Expression conjunct) {
        if (!isConstant(constant)) {
            return;
        }
        switch (operator) {
            case EQUAL -> equal(operand, new IndexAccess.Equal(List.of(compiled(constant)), false), conjunct);
            case GREATER, AT_LEAST -> field(operand).filter(field -> field.low == null).ifPresent(field -> {
                field.low = compiled(constant);
                note(field, conjunct);
            });
            case LESS, AT_MOST -> field(operand).filter(field -> field.high == null).ifPresent(field -> {
                field.high = compiled(constant);
                note(field, conjunct);
            });
            default -> {
            }
        }
    }

    private void equal(Expression operand, IndexAccess.Equal equal, Expression conjunct) {
        field(operand).filter(field -> field.equal == null || !field.single).ifPresent(field -> {
            field.equal = equal;
            field.single = conjunct instanceof Expression.Binary;
            field.conditions.add(0, Printer.text(conjunct));
        });
    }

    private static void note(Field field, Expression conjunct) {
        String text = Printer.text(conjunct);
        if (!field.conditions.contains(text)) {
            field.conditions.add(text);
        }
    }

    private Optional<Field> field(Expression operand) {
        return KeyConditions.path(operand, collectionAlias(), otherAliases).map(path -> fields.computeIfAbsent(path, any -> new Field()));
    }

    private Optional<String> collectionAlias() {
        return ((Query.CollectionSource) query.sources().get(0)).alias();
    }

    private static boolean isConstant(Expression expression) {
        return expression instanceof Expression.Literal || expression instanceof Expression.Parameter
                || expression instanceof Expression.Unary minus && minus.operator() == Expression.UnaryOperator.MINUS
                        && minus.operand() instanceof Expression.Literal;
    }

    private static Evaluator compiled(Expression constant) {
        return new ExpressionCompiler(new Scope()).compile(constant);
    }

    private @Nullable IndexAccess access(IndexDefinition index) {
        if (!isImplied(index)) {
            return null;
        }
        List<IndexAccess.Equal> equal = new ArrayList<>();
        List<String> conditions = new ArrayList<>();
        for (IndexDefinition.Field each : index.fields()) {
            Field field = fields.get(each.path());
            if (field == null || field.equal == null) {
                break;
            }
            equal.add(field.equal);
            conditions.add(field.conditions.get(0));
        }
        Field next = equal.size() == index.fields().size() ? null : fields.get(index.fields().get(equal.size()).path());
        IndexAccess.Bounds bounds = next == null || next.low == null && next.high == null
                ? null
                : new IndexAccess.Bounds(next.low, next.high);
        if (bounds != null && next != null) {
            conditions.addAll(next.conditions);
        }
        IndexAccess.Ordering ordering = ordering(index, equal.size());
        boolean narrows = !equal.isEmpty() || bounds != null;
        boolean servesOrder = !ordering.places().isEmpty() && !index.sparse() && plan.grouping().isEmpty() && !plan.distinct()
                && query.where().map(Walk::conjuncts).orElse(List.of()).size() == indexConjuncts(index).size();
        if (!narrows && !servesOrder || !isBetterThanKeys(index, equal.size(), bounds != null || !ordering.places().isEmpty())) {
            return null;
        }
        return new IndexAccess(index, equal, bounds, ordering, conditions);
    }

    /** An index isn't cut into partitions: it must narrow by the known levels of the partition key too, and do more than these. */
    private boolean isBetterThanKeys(IndexDefinition index, int equated, boolean more) {
        Set<String> levels = new HashSet<>(plan.keys().shown().keySet());
        boolean onlyKeys = !levels.isEmpty() && equated <= levels.size() && !more;
        index.fields().subList(0, equated).forEach(field -> levels.remove(field.path().toString()));
        return levels.isEmpty() && !onlyKeys;
    }

    private static List<Expression> indexConjuncts(IndexDefinition index) {
        return index.where().isEmpty() ? List.of() : Walk.conjuncts(Parser.condition(index.where()));
    }

    /** Whether each part of the index's condition stands in the query's, by the letter, parameters replaced by their values. */
    private boolean isImplied(IndexDefinition index) {
        return indexConjuncts(index).stream().allMatch(part -> conjuncts.contains(Printer.text(part)));
    }

    /** The fields behind the equated ones as ORDER BY, all in their directions or all in the opposite ones. */
    private IndexAccess.Ordering ordering(IndexDefinition index, int equated) {
        List<Integer> places = new ArrayList<>();
        boolean backwards = false;
        int at = equated;
        for (int i = 0; i < query.orderBy().size(); i++) {
            Query.Order order = Planner.withoutAlias(query, query.orderBy().get(i));
            FieldPath path = KeyConditions.path(order.key(), collectionAlias(), otherAliases).orElse(null);
            Field field = path == null ? null : fields.get(path);
            if (field != null && field.equal != null && field.single) {
                continue;
            }
            if (path == null || at == index.fields().size() || !index.fields().get(at).path().equals(path)) {
                return IndexAccess.Ordering.NONE;
            }
            boolean opposite = index.fields().get(at).descending() != order.descending();
            if (!places.isEmpty() && opposite != backwards) {
                return IndexAccess.Ordering.NONE;
            }
            backwards = opposite;
            places.add(i);
            at++;
        }
        return new IndexAccess.Ordering(places, backwards);
    }
}
