package io.aviladb.client;

import io.aviladb.client.internal.Await;
import io.aviladb.client.internal.Exceptions;
import io.aviladb.client.internal.QueryCalls;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.proto.v1.ChangeRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A change of all documents that a condition accepts: one write for each, judged in the very state that is changed. Not atomic as a whole; an
 * error tells how many had been changed. Not thread-safe.
 *
 * @param <S> the kind of change
 */
public abstract sealed class ConditionalChange<S extends ConditionalChange<S>> permits Update, Delete {
    final QueryCalls calls;
    private final List<Filter> filters = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final Map<String, JsonValue> parameters = new LinkedHashMap<>();
    private boolean all;
    private long limit;

    ConditionalChange(QueryCalls calls) {
        this.calls = calls;
    }

    abstract S self();

    /** The change itself. @throws io.aviladb.client.error.InvalidRequestException where there is none */
    abstract ChangeRequest.Builder request();

    /** What the server says where a condition is lacking. */
    abstract String refusal();

    /** As {@link Filter#eq}; with what was asked before, both have to hold. */
    public S where(String field, @Nullable Object value) {
        return where(Filter.eq(field, value));
    }

    /** With what was asked before, both have to hold. */
    public S where(Filter filter) {
        filters.add(filter);
        return self();
    }

    /** A condition of the query language, as in {@code level > @min}; with what was asked before, both have to hold. */
    public S matching(String condition) {
        texts.add(condition);
        return self();
    }

    /** The value of {@code @name} in {@link #matching}. */
    public S param(String name, @Nullable Object value) {
        parameters.put(name.startsWith("@") ? name.substring(1) : name, JsonValue.of(value));
        return self();
    }

    /** Means all documents of the collection: without a condition, nothing but this makes the change happen. */
    public S all() {
        all = true;
        return self();
    }

    /** Documents at most: where the condition accepts more, none is changed, and the call fails. The server's default is 100,000. */
    public S limit(long documents) {
        limit = documents;
        return self();
    }

    /** How many documents the condition accepts now. Nothing is changed; without a condition it is all of them. */
    public long preview() {
        return Await.get(calls.change(conditioned(request()).setPreview(true), values())).count();
    }

    /** @throws io.aviladb.client.error.InvalidRequestException where there is neither a condition nor {@link #all} */
    public ChangeResult execute() {
        return Await.get(executeAsync());
    }

    public CompletableFuture<ChangeResult> executeAsync() {
        ChangeRequest.Builder request = conditioned(request()).setConfirmAll(all).setLimit(limit);
        if (request.getWhere().isEmpty() && !all) {
            throw Exceptions.invalid(ErrorCode.CONFIRMATION_REQUIRED, refusal());
        } else if (!request.getWhere().isEmpty() && all) {
            throw Exceptions.invalid(ErrorCode.MALFORMED_REQUEST, "the change has a condition, and means all documents as well");
        }
        return calls.change(request, values());
    }

    private Optional<Filter.Condition> filter() {
        return filters.isEmpty() ? Optional.empty() : Optional.of(Filter.and(filters.toArray(new Filter[0])).toCondition("w_"));
    }

    private ChangeRequest.Builder conditioned(ChangeRequest.Builder request) {
        List<String> conditions = new ArrayList<>();
        texts.forEach(text -> conditions.add("(" + text + ")"));
        filter().ifPresent(condition -> conditions.add(condition.text()));
        return request.setWhere(String.join(" AND ", conditions));
    }

    private Map<String, JsonValue> values() {
        Map<String, JsonValue> values = new LinkedHashMap<>(parameters);
        filter().ifPresent(condition -> values.putAll(condition.parameters()));
        return values;
    }
}
