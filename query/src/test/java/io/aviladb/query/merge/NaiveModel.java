package io.aviladb.query.merge;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Expression.BinaryOperator;
import io.aviladb.query.language.Query;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a query means, written as directly as can be: walks the tree for each row, keeps everything, sorts everything. Shares the parser with what
 * it judges, and nothing else: its own order, its own logic, its own arithmetic.
 */
final class NaiveModel {
    private final Map<String, JsonValue> parameters;

    NaiveModel(Map<String, JsonValue> parameters) {
        this.parameters = parameters;
    }

    /** One combination of a document and elements, by alias; "" is the document. */
    private record Row(Map<String, @Nullable JsonValue> names, int document, int place) {}

    private record Out(List<@Nullable JsonValue> keys, List<@Nullable JsonValue> tie, @Nullable JsonValue value) {}

    /** @param documents in the order of their keys */
    List<JsonValue> run(Query query, List<JsonObject> documents) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            unnest(query, documents.get(i), i, rows);
        }
        if (query.where().isPresent()) {
            rows.removeIf(row -> !isTrue(evaluate(query.where().get(), row, null)));
        }
        List<Out> out = isGrouped(query) ? grouped(query, rows) : plain(query, rows);
        out.removeIf(each -> each.value() == null);
        Comparator<Out> order = (a, b) -> compare(query, a, b);
        out.sort(order);
        if (query.distinct()) {
            List<Out> unique = new ArrayList<>();
            for (Out each : out) {
                if (unique.stream().noneMatch(other -> order(other.value(), each.value()) == 0)) {
                    unique.add(each);
                }
            }
            out = unique;
        }
        long skip = query.offset().map(this::count).orElse(0L);
        long limit = query.limit().map(this::count).orElse(Long.MAX_VALUE);
        List<JsonValue> values = new ArrayList<>();
        out.stream().skip(skip).limit(limit).forEach(each -> values.add(Objects.requireNonNull(each.value())));
        return values;
    }

    private long count(Expression expression) {
        return Long.parseLong(Objects.requireNonNull(evaluate(expression, null, null)).toJson());
    }

    private void unnest(Query query, JsonObject document, int index, List<Row> into) {
        List<Map<String, @Nullable JsonValue>> combinations = new ArrayList<>();
        Map<String, @Nullable JsonValue> first = new LinkedHashMap<>();
        first.put("", document);
        ((Query.CollectionSource) query.sources().get(0)).alias().ifPresent(alias -> first.put(alias, document));
        combinations.add(first);
        for (Query.Source source : query.sources()) {
            if (source instanceof Query.ElementSource elements) {
                List<Map<String, @Nullable JsonValue>> next = new ArrayList<>();
                for (Map<String, @Nullable JsonValue> names : combinations) {
                    if (evaluate(elements.array(), new Row(names, 0, 0), null) instanceof JsonArray array) {
                        for (JsonValue element : array.elements()) {
                            Map<String, @Nullable JsonValue> more = new LinkedHashMap<>(names);
                            more.put(elements.alias().orElseThrow(), element);
                            next.add(more);
                        }
                    }
                }
                combinations = next;
            }
        }
        for (int place = 0; place < combinations.size(); place++) {
            into.add(new Row(combinations.get(place), index, place));
        }
    }

    private static boolean isGrouped(Query query) {
        return !query.groupBy().isEmpty() || query.projection() instanceof Query.Items items && items.items().stream()
                .anyMatch(
                        item -> item instanceof Query.Column column && column.value() instanceof Expression.Call call && isAggregate(call));
    }

    private static boolean isAggregate(Expression.Call call) {
        return List.of("COUNT", "SUM", "AVG", "MIN", "MAX").contains(call.name());
    }

    private List<Out> plain(Query query, List<Row> rows) {
        List<Out> out = new ArrayList<>();
        for (Row row : rows) {
            List<@Nullable JsonValue> keys = new ArrayList<>();
            query.orderBy().forEach(key -> keys.add(evaluate(byAlias(query, key.key()), row, null)));
            out.add(new Out(keys, List.of(JsonNumber.of(row.document()), JsonNumber.of(row.place())), project(query, row, null)));
        }
        return out;
    }

    private List<Out> grouped(Query query, List<Row> rows) {
        List<List<Row>> groups = new ArrayList<>();
        List<List<@Nullable JsonValue>> values = new ArrayList<>();
        if (query.groupBy().isEmpty()) {
            groups.add(rows);
            values.add(List.of());
        } else {
            for (Row row : rows) {
                List<@Nullable JsonValue> key = new ArrayList<>();
                query.groupBy().forEach(each -> key.add(evaluate(each, row, null)));
                int found = 0;
                while (found < values.size() && !same(values.get(found), key)) {
                    found++;
                }
                if (found == values.size()) {
                    values.add(key);
                    groups.add(new ArrayList<>());
                }
                groups.get(found).add(row);
            }
        }
        List<Out> out = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            List<Row> group = groups.get(i);
            if (query.having().isPresent() && !isTrue(evaluate(query.having().get(), first(group), group))) {
                continue;
            }
            List<@Nullable JsonValue> keys = new ArrayList<>();
            query.orderBy().forEach(key -> keys.add(evaluate(byAlias(query, key.key()), first(group), group)));
            out.add(new Out(keys, values.get(i), project(query, first(group), group)));
        }
        return out;
    }

    /** Any row has the group's values; of values written differently the least text is shown, so the row with that is taken. */
    private static @Nullable Row first(List<Row> group) {
        return group.isEmpty() ? null : group.get(0);
    }

    private static boolean same(List<@Nullable JsonValue> a, List<@Nullable JsonValue> b) {
        for (int i = 0; i < a.size(); i++) {
            if (order(a.get(i), b.get(i)) != 0) {
                return false;
            }
        }
        return true;
    }

    private static Expression byAlias(Query query, Expression key) {
        if (key instanceof Expression.Name name && query.projection() instanceof Query.Items items) {
            for (Query.Item item : items.items()) {
                if (item instanceof Query.Column column && column.alias().equals(java.util.Optional.of(name.name()))) {
                    return column.value();
                }
            }
        }
        return key;
    }

    private static int compare(Query query, Out a, Out b) {
        for (int i = 0; i < query.orderBy().size(); i++) {
            int order = order(a.keys().get(i), b.keys().get(i));
            if (order != 0) {
                return query.orderBy().get(i).descending() ? -order : order;
            }
        }
        for (int i = 0; i < a.tie().size(); i++) {
            int order = order(a.tie().get(i), b.tie().get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private @Nullable JsonValue project(Query query, @Nullable Row row, @Nullable List<Row> group) {
        if (query.projection() instanceof Query.Single single) {
            return evaluate(single.value(), row, group);
        }
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        List<Query.Item> items = ((Query.Items) query.projection()).items();
        for (int i = 0; i < items.size(); i++) {
            if (!(items.get(i) instanceof Query.Column column)) {
                return Objects.requireNonNull(row).names().get("");
            }
            String path = column.value() instanceof Expression.Name name
                    ? name.name()
                    : column.value() instanceof Expression.Member member ? member.name() : "_" + (i + 1);
            JsonValue value = evaluate(column.value(), row, group);
            if (value != null) {
                members.put(column.alias().orElse(path), value);
            }
        }
        return new JsonObject(members);
    }

    private static boolean isTrue(@Nullable JsonValue value) {
        return JsonBoolean.TRUE.equals(value);
    }

    private @Nullable JsonValue evaluate(Expression expression, @Nullable Row row, @Nullable List<Row> group) {
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Parameter parameter -> Objects.requireNonNull(parameters.get(parameter.name()));
            case Expression.Name name -> name(name.name(), Objects.requireNonNull(row));
            case Expression.Member member -> evaluate(member.base(), row, group) instanceof JsonObject object
                    ? object.getOrNull(member.name())
                    : null;
            case Expression.Unary unary -> unary.operator() == Expression.UnaryOperator.NOT
                    ? not(evaluate(unary.operand(), row, group))
                    : calculate(BinaryOperator.SUBTRACT, JsonNumber.of(0), evaluate(unary.operand(), row, group));
            case Expression.Binary binary -> binary(binary.operator(), evaluate(binary.left(), row, group),
                    evaluate(binary.right(), row, group));
            case Expression.Is is -> is(is, evaluate(is.operand(), row, group));
            case Expression.InList in -> {
                JsonValue found = JsonBoolean.FALSE;
                for (Expression element : in.elements()) {
                    found = binary(BinaryOperator.OR, found,
                            binary(BinaryOperator.EQUAL, evaluate(in.operand(), row, group), evaluate(element, row, group)));
                }
                yield in.negated() ? not(found) : found;
            }
            case Expression.Between between -> {
                JsonValue operand = evaluate(between.operand(), row, group);
                JsonValue both = binary(BinaryOperator.AND,
                        binary(BinaryOperator.AT_LEAST, operand, evaluate(between.low(), row, group)),
                        binary(BinaryOperator.AT_MOST, operand, evaluate(between.high(), row, group)));
                yield between.negated() ? not(both) : both;
            }
            case Expression.Call call when isAggregate(call) -> aggregate(call, Objects.requireNonNull(group));
            default -> throw new IllegalArgumentException("the model doesn't know " + expression);
        };
    }

    private static @Nullable JsonValue name(String name, Row row) {
        if (row.names().containsKey(name)) {
            return row.names().get(name);
        }
        return ((JsonObject) Objects.requireNonNull(row.names().get(""))).getOrNull(name);
    }

    private static JsonValue is(Expression.Is is, @Nullable JsonValue value) {
        boolean holds = switch (is.test()) {
            case NULL -> value == JsonNull.NULL;
            case MISSING -> value == null;
            case DEFINED -> value != null;
        };
        return JsonBoolean.of(holds != is.negated());
    }

    /** -1 missing, 0 null, 1 false, 2 true; what is no boolean is missing. */
    private static int truth(@Nullable JsonValue value) {
        return value == JsonNull.NULL ? 0 : value instanceof JsonBoolean bool ? bool.value() ? 2 : 1 : -1;
    }

    private static @Nullable JsonValue of(int truth) {
        return truth < 0 ? null : truth == 0 ? JsonNull.NULL : JsonBoolean.of(truth == 2);
    }

    private static @Nullable JsonValue not(@Nullable JsonValue value) {
        int truth = truth(value);
        return of(truth > 0 ? 3 - truth : truth);
    }

    private static @Nullable JsonValue binary(BinaryOperator operator, @Nullable JsonValue a, @Nullable JsonValue b) {
        if (operator == BinaryOperator.AND || operator == BinaryOperator.OR) {
            int decides = operator == BinaryOperator.AND ? 1 : 2;
            int left = truth(a);
            int right = truth(b);
            return of(left == decides || right == decides ? decides : Math.min(left, right) <= 0 ? Math.min(left, right) : 3 - decides);
        } else if (operator == BinaryOperator.ADD || operator == BinaryOperator.SUBTRACT || operator == BinaryOperator.MULTIPLY) {
            return calculate(operator, a, b);
        } else if (a == null || b == null) {
            return null;
        } else if (a == JsonNull.NULL || b == JsonNull.NULL) {
            return JsonNull.NULL;
        }
        boolean comparable = rank(a) / 2 == rank(b) / 2;
        int order = order(a, b);
        return JsonBoolean.of(switch (operator) {
            case EQUAL -> comparable && order == 0;
            case NOT_EQUAL -> !comparable || order != 0;
            case LESS -> comparable && order < 0;
            case AT_MOST -> comparable && order <= 0;
            case GREATER -> comparable && order > 0;
            case AT_LEAST -> comparable && order >= 0;
            default -> throw new IllegalArgumentException("the model doesn't know " + operator);
        });
    }

    private static @Nullable JsonValue calculate(BinaryOperator operator, @Nullable JsonValue a, @Nullable JsonValue b) {
        if (a == null || b == null) {
            return null;
        } else if (a == JsonNull.NULL || b == JsonNull.NULL) {
            return JsonNull.NULL;
        } else if (!(a instanceof JsonNumber) || !(b instanceof JsonNumber)) {
            return null;
        }
        BigDecimal x = new BigDecimal(a.toJson());
        BigDecimal y = new BigDecimal(b.toJson());
        BigDecimal exact = switch (operator) {
            case ADD -> x.add(y);
            case SUBTRACT -> x.subtract(y);
            default -> x.multiply(y);
        };
        return JsonNumber.of(exact); // the generated numbers are small halves and integers, so doubles are exact too
    }

    /** Two for each kind, so that false and true are one kind. */
    private static int rank(@Nullable JsonValue value) {
        return switch (value) {
            case null -> 0;
            case JsonNull absent -> 2;
            case JsonBoolean bool -> bool.value() ? 5 : 4;
            case JsonNumber number -> 6;
            case JsonString string -> 8;
            case JsonArray array -> 10;
            case JsonObject object -> 12;
        };
    }

    private static int order(@Nullable JsonValue a, @Nullable JsonValue b) {
        if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
            return new BigDecimal(x.literal()).compareTo(new BigDecimal(y.literal()));
        } else if (a instanceof JsonString x && b instanceof JsonString y) {
            return java.util.Arrays.compare(x.value().codePoints().toArray(), y.value().codePoints().toArray());
        } else if (a instanceof JsonArray x && b instanceof JsonArray y) {
            return lists(x.elements(), y.elements());
        } else if (a instanceof JsonObject x && b instanceof JsonObject y) {
            return lists(flat(x), flat(y));
        }
        return Integer.compare(rank(a), rank(b));
    }

    private static List<JsonValue> flat(JsonObject object) {
        List<JsonValue> flat = new ArrayList<>();
        List<String> names = new ArrayList<>(object.members().keySet());
        Collections.sort(names); // generated names are ASCII
        for (String name : names) {
            flat.add(new JsonString(name));
            flat.add(Objects.requireNonNull(object.getOrNull(name)));
        }
        return flat;
    }

    private static int lists(List<JsonValue> a, List<JsonValue> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = order(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private @Nullable JsonValue aggregate(Expression.Call call, List<Row> group) {
        List<JsonValue> values = new ArrayList<>();
        for (Row row : group) {
            JsonValue value = call.star() ? JsonBoolean.TRUE : evaluate(call.arguments().get(0), row, null);
            boolean counts = value != null && value != JsonNull.NULL;
            if (counts && (!call.distinct() || values.stream().noneMatch(known -> order(known, value) == 0))) {
                values.add(Objects.requireNonNull(value));
            }
        }
        if (call.name().equals("COUNT")) {
            return JsonNumber.of(values.size());
        } else if (call.name().equals("MIN")) {
            return values.stream().min(NaiveModel::order).<JsonValue>map(each -> each).orElse(JsonNull.NULL);
        } else if (call.name().equals("MAX")) {
            return values.stream().max(NaiveModel::order).<JsonValue>map(each -> each).orElse(JsonNull.NULL);
        }
        Map<Boolean, BigDecimal> sum = new HashMap<>(Map.of(true, BigDecimal.ZERO));
        long count = values.stream().filter(each -> each instanceof JsonNumber)
                .peek(each -> sum.merge(true, new BigDecimal(each.toJson()), BigDecimal::add)).count();
        BigDecimal total = Objects.requireNonNull(sum.get(true));
        if (count == 0) {
            return JsonNull.NULL;
        }
        return JsonNumber.of(call.name().equals("SUM") ? total : total.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128));
    }
}
