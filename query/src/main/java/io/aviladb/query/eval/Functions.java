package io.aviladb.query.eval;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All functions by name, in capitals. */
public final class Functions {
    private static final Map<String, ScalarFunction> BY_NAME = byName();

    private Functions() {
    }

    private static Map<String, ScalarFunction> byName() {
        Map<String, ScalarFunction> all = new TreeMap<>();
        for (var family : java.util.List.of(StringFunctions.ALL, NumberFunctions.ALL, DateFunctions.ALL, ArrayFunctions.ALL,
                TypeFunctions.ALL)) {
            family.forEach(function -> {
                if (all.put(function.name(), function) != null) {
                    throw new IllegalStateException(function.name() + " stands twice");
                }
            });
        }
        return Map.copyOf(all);
    }

    public static Optional<ScalarFunction> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name.toUpperCase(Locale.ROOT)));
    }

    public static Collection<String> names() {
        return BY_NAME.keySet();
    }
}
