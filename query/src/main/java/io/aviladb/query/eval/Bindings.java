package io.aviladb.query.eval;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.query.language.LanguageLimits;
import io.aviladb.query.language.NearestName;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Values for a statement's parameters, and its time, the same for all its rows. */
public final class Bindings {
    private final Map<String, JsonValue> values;
    private final Instant time;

    private Bindings(Map<String, JsonValue> values, Instant time) {
        this.values = Map.copyOf(values);
        this.time = time;
    }

    /** @throws AvilaError {@link ErrorCode#QUERY_PARAMETER} where a name has no value, or a value no name */
    public static Bindings of(Set<String> named, Map<String, JsonValue> values, Instant time) {
        for (String name : named.stream().sorted().toList()) {
            if (!values.containsKey(name)) {
                throw new AvilaError(ErrorCode.QUERY_PARAMETER, "@" + name + " has no value" + NearestName.hint(name, values.keySet()));
            }
        }
        for (Map.Entry<String, JsonValue> value : values.entrySet()) {
            if (!named.contains(value.getKey())) {
                throw new AvilaError(ErrorCode.QUERY_PARAMETER,
                        "no @" + value.getKey() + " stands in the statement" + NearestName.hint(value.getKey(), named));
            }
            if (value.getValue() instanceof JsonArray array && array.elements().size() > LanguageLimits.MAX_IN_VALUES) {
                throw new AvilaError(ErrorCode.QUERY_PARAMETER, "@" + value.getKey() + " has " + array.elements().size()
                        + " elements; the limit is " + LanguageLimits.MAX_IN_VALUES);
            }
        }
        return new Bindings(values, time);
    }

    JsonValue get(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    public Map<String, JsonValue> values() {
        return values;
    }

    Instant time() {
        return time;
    }
}
