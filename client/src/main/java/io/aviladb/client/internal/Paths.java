package io.aviladb.client.internal;

import io.aviladb.core.document.FieldPath;
import java.util.List;
import java.util.stream.Collectors;

/** Fields as a program names them. */
public final class Paths {
    private Paths() {
    }

    /** @param field a JSON Pointer, or names with dots between them. @throws IllegalArgumentException where it names nothing */
    public static FieldPath steps(String field) {
        FieldPath path = field.startsWith("/") ? FieldPath.parse(field) : new FieldPath(List.of(field.split("\\.", -1)));
        if (path.isRoot() || path.steps().contains("")) {
            throw new IllegalArgumentException("'" + field + "' names no field");
        }
        return path;
    }

    /** As a path of the query language: every name quoted, so that it is a name whatever it is made of. */
    public static String quoted(FieldPath path) {
        return path.steps().stream().map(step -> "`" + step.replace("`", "``") + "`").collect(Collectors.joining("."));
    }
}
