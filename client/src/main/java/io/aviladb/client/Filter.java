package io.aviladb.client;

import io.aviladb.client.internal.Paths;
import io.aviladb.core.document.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A condition on documents. It becomes a condition of the query language in which names are quoted and values are parameters: nothing that
 * a filter is made of is ever read as code. Fields are names with dots between them, as in {@code address.city}, or JSON Pointers, as in
 * {@code /address/city}. Immutable.
 *
 * <p>As in the language, a comparison with what a document lacks doesn't accept it, {@code ne} included: {@link #missing}.
 */
public final class Filter {
    private final String format; // with %s for each parameter's name
    private final List<JsonValue> values;

    private Filter(String format, List<JsonValue> values) {
        this.format = format;
        this.values = List.copyOf(values);
    }

    /** A condition of the query language, and the values of its parameters. */
    public record Condition(String text, Map<String, JsonValue> parameters) {
        public Condition {
            parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }

    public static Filter eq(String field, @Nullable Object value) {
        return compare(field, "=", value);
    }

    public static Filter ne(String field, @Nullable Object value) {
        return compare(field, "!=", value);
    }

    public static Filter lt(String field, Object value) {
        return compare(field, "<", value);
    }

    public static Filter atMost(String field, Object value) {
        return compare(field, "<=", value);
    }

    public static Filter gt(String field, Object value) {
        return compare(field, ">", value);
    }

    public static Filter atLeast(String field, Object value) {
        return compare(field, ">=", value);
    }

    /** Both ends included. */
    public static Filter between(String field, Object low, Object high) {
        return new Filter(name(field) + " BETWEEN %s AND %s", List.of(JsonValue.of(low), JsonValue.of(high)));
    }

    /** One of the values; of none, nothing is accepted. */
    public static Filter in(String field, Object... values) {
        return new Filter(name(field) + " IN %s", List.of(JsonValue.of(Arrays.asList(values))));
    }

    /** {@code %} stands for any characters, {@code _} for one. */
    public static Filter like(String field, String pattern) {
        return compare(field, "LIKE", pattern);
    }

    /** An element of the array equals the value. */
    public static Filter contains(String field, Object value) {
        return new Filter("ARRAY_CONTAINS(" + name(field) + ", %s)", List.of(JsonValue.of(value)));
    }

    /** There is no such member, which isn't the same as null. */
    public static Filter missing(String field) {
        return new Filter(name(field) + " IS MISSING", List.of());
    }

    /** There is such a member, even if it is null. */
    public static Filter exists(String field) {
        return new Filter(name(field) + " IS NOT MISSING", List.of());
    }

    /** The member is there, and null. */
    public static Filter isNull(String field) {
        return new Filter(name(field) + " IS NULL", List.of());
    }

    /** All of them. @throws IllegalArgumentException for none: that would be every document */
    public static Filter and(Filter... filters) {
        return joined(" AND ", List.of(filters));
    }

    /** At least one of them. @throws IllegalArgumentException for none */
    public static Filter or(Filter... filters) {
        return joined(" OR ", List.of(filters));
    }

    public static Filter not(Filter filter) {
        return new Filter("NOT (" + filter.format + ")", filter.values);
    }

    public Filter and(Filter other) {
        return and(this, other);
    }

    public Filter or(Filter other) {
        return or(this, other);
    }

    private static Filter joined(String operator, List<Filter> filters) {
        if (filters.isEmpty()) {
            throw new IllegalArgumentException("a filter of no filters would say nothing");
        }
        List<JsonValue> values = new ArrayList<>();
        filters.forEach(filter -> values.addAll(filter.values));
        return new Filter(filters.stream().map(filter -> "(" + filter.format + ")").collect(Collectors.joining(operator)), values);
    }

    private static Filter compare(String field, String operator, @Nullable Object value) {
        return new Filter(name(field) + " " + operator + " %s", List.of(JsonValue.of(value)));
    }

    private static String name(String field) {
        return Paths.quoted(Paths.steps(field)).replace("%", "%%");
    }

    /** @param prefix of the parameters' names, which are numbered from 1 */
    public Condition toCondition(String prefix) {
        Map<String, JsonValue> parameters = new LinkedHashMap<>();
        values.forEach(value -> parameters.put(prefix + (parameters.size() + 1), value));
        return new Condition(String.format(java.util.Locale.ROOT, format, parameters.keySet().stream().map(name -> "@" + name).toArray()),
                parameters);
    }

    @Override
    public String toString() {
        Condition condition = toCondition("p");
        return condition.parameters().isEmpty() ? condition.text() : condition.text() + " " + condition.parameters();
    }
}
