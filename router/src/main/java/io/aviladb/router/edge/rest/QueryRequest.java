package io.aviladb.router.edge.rest;

import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.router.edge.QueryOperations;
import io.aviladb.router.scatter.ListQuery;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body of a query. */
final class QueryRequest {
    private static final Set<String> MEMBERS = Set.of("query", "parameters", "collection", "pageSize", "continuationToken", "scope",
            "partial");

    private QueryRequest() {
    }

    static QueryOperations.Asked of(RestRequest request) {
        JsonObject body = request.object(MEMBERS, Set.of());
        String text = string(body, "query").orElseThrow(() -> malformed("the body lacks 'query'"));
        return new QueryOperations.Asked(request.variable("db"), text, parameters(body.getOrNull("parameters")), string(body, "collection"),
                pageSize(body.getOrNull("pageSize")),
                string(body, "continuationToken").orElse(""), scope(string(body, "scope").orElse("LOCAL")),
                refuse(string(body, "partial").orElse("allow")));
    }

    static Map<String, JsonValue> parameters(@Nullable JsonValue value) {
        if (value == null) {
            return Map.of();
        } else if (value instanceof JsonObject object) {
            return object.members();
        }
        throw malformed("'parameters' is an object of names and values");
    }

    static boolean flag(JsonObject body, String name) {
        JsonValue value = body.getOrNull(name);
        if (value == null || value instanceof JsonBoolean) {
            return JsonBoolean.TRUE.equals(value);
        }
        throw malformed("'" + name + "' is true or false");
    }

    static long count(JsonObject body, String name) {
        if (body.getOrNull(name) instanceof JsonNumber number && number.toLong().orElse(0) > 0) {
            return number.toLong().getAsLong();
        }
        throw malformed("'" + name + "' is a whole number from 1");
    }

    private static Optional<String> string(JsonObject body, String name) {
        JsonValue value = body.getOrNull(name);
        if (value == null || value == io.aviladb.core.document.JsonNull.NULL) {
            return Optional.empty();
        } else if (value instanceof JsonString text) {
            return Optional.of(text.value());
        }
        throw malformed("'" + name + "' is a string");
    }

    private static int pageSize(@Nullable JsonValue value) {
        if (value == null) {
            return ListQuery.DEFAULT_PAGE_SIZE;
        }
        long size = value instanceof JsonNumber number ? number.toLong().orElse(0) : 0;
        if (size < 1 || size > ListQuery.MAX_PAGE_SIZE) {
            throw malformed("'pageSize' is a number from 1 to " + ListQuery.MAX_PAGE_SIZE);
        }
        return (int) size;
    }

    private static ListQuery.Scope scope(String name) {
        return switch (name) {
            case "LOCAL" -> ListQuery.Scope.LOCAL;
            case "GLOBAL" -> ListQuery.Scope.GLOBAL;
            default -> throw malformed("'scope' is LOCAL or GLOBAL");
        };
    }

    private static boolean refuse(String partial) {
        return switch (partial) {
            case "allow" -> false;
            case "refuse" -> true;
            default -> throw malformed("'partial' is allow or refuse");
        };
    }

    static AvilaError malformed(String what) {
        return new AvilaError(ErrorCode.MALFORMED_REQUEST, what);
    }
}
