package io.aviladb.client;

import io.aviladb.client.internal.Paths;
import io.aviladb.client.internal.QueryCalls;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A query put together step by step. It is the same as the statement that {@link #query()} shows: names are quoted, values are parameters.
 * Not thread-safe.
 */
public final class Select {
    private final QueryCalls calls;
    private final List<String> fields;
    private final List<Filter> filters = new ArrayList<>();
    private final List<String> orders = new ArrayList<>();
    private long limit = -1;
    private long offset;

    Select(QueryCalls calls, List<String> fields) {
        this.calls = calls;
        this.fields = fields.stream().map(field -> Paths.quoted(Paths.steps(field))).toList();
    }

    /** As {@link Filter#eq}; with what was asked before, both have to hold. */
    public Select where(String field, Object value) {
        return where(Filter.eq(field, value));
    }

    /** With what was asked before, both have to hold. */
    public Select where(Filter filter) {
        filters.add(filter);
        return this;
    }

    /** The least first; behind what was asked before. */
    public Select orderBy(String field) {
        orders.add(Paths.quoted(Paths.steps(field)));
        return this;
    }

    /** The greatest first; behind what was asked before. */
    public Select orderByDescending(String field) {
        orders.add(Paths.quoted(Paths.steps(field)) + " DESC");
        return this;
    }

    /** At most so many rows in all. */
    public Select limit(long rows) {
        limit = rows;
        return this;
    }

    /** Without the first rows. */
    public Select offset(long rows) {
        offset = rows;
        return this;
    }

    /** The statement, ready to be asked. */
    public Query query() {
        Map<String, JsonValue> parameters = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder("SELECT ").append(fields.isEmpty() ? "*" : String.join(", ", fields)).append(" FROM `")
                .append(calls.collection()).append('`');
        if (!filters.isEmpty()) {
            Filter.Condition condition = Filter.and(filters.toArray(new Filter[0])).toCondition("w");
            text.append(" WHERE ").append(condition.text());
            parameters.putAll(condition.parameters());
        }
        if (!orders.isEmpty()) {
            text.append(orders.stream().collect(Collectors.joining(", ", " ORDER BY ", "")));
        }
        if (limit >= 0) {
            text.append(" LIMIT @limit");
            parameters.put("limit", JsonNumber.of(limit));
        }
        if (offset > 0) {
            text.append(" OFFSET @offset");
            parameters.put("offset", JsonNumber.of(offset));
        }
        return Query.of(calls, text.toString(), parameters);
    }

    /** As {@link Query#execute()}. */
    public Page execute() {
        return query().execute();
    }

    /** As {@link Query#stream()}. */
    public Stream<io.aviladb.core.document.Document> stream() {
        return query().stream();
    }
}
