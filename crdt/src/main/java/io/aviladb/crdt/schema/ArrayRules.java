package io.aviladb.crdt.schema;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonValue;
import io.aviladb.crdt.schema.SchemaNode.Rule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can be said of arrays; of any other value nothing. */
final class ArrayRules {
    private ArrayRules() {
    }

    static Rule size(String keyword, int limit, boolean least) {
        return (value, run, evaluated) -> {
            if (!(value instanceof JsonArray array)) {
                return true;
            }
            int size = array.elements().size();
            return (least ? size >= limit : size <= limit) || run.broken(keyword,
                    "has " + size + " elements, must have at " + (least ? "least " : "most ") + limit);
        };
    }

    static Rule unique() {
        return (value, run, evaluated) -> {
            if (!(value instanceof JsonArray array)) {
                return true;
            }
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < array.elements().size(); i++) {
                String text = SameValue.text(array.elements().get(i));
                if (!run.spend(1 + text.length() / 16) || !seen.add(text)) {
                    return run.broken("uniqueItems", "has element " + i + " twice");
                }
            }
            return true;
        };
    }

    /** @param rest for the elements behind those that have a schema of their own; null where anything goes */
    static Rule items(List<SchemaNode> first, @Nullable SchemaNode rest) {
        return (value, run, evaluated) -> {
            if (!(value instanceof JsonArray array)) {
                return true;
            }
            boolean all = true;
            int end = rest == null ? Math.min(first.size(), array.elements().size()) : array.elements().size();
            for (int i = 0; i < end; i++) {
                SchemaNode schema = i < first.size() ? first.get(i) : java.util.Objects.requireNonNull(rest);
                all &= element(schema, array.elements().get(i), i, run);
                if (run.isExhausted() || !all && run.isProbing()) {
                    return false;
                }
                if (evaluated != null) {
                    evaluated.element(i);
                }
            }
            return all;
        };
    }

    private static boolean element(SchemaNode schema, JsonValue element, int index, Run run) {
        run.down(Integer.toString(index));
        boolean accepted = schema.accepts(element, run, null);
        run.up();
        return accepted;
    }

    static Rule contains(SchemaNode schema, int least, int most) {
        return (value, run, evaluated) -> {
            if (!(value instanceof JsonArray array)) {
                return true;
            }
            int found = 0;
            for (int i = 0; i < array.elements().size() && !run.isExhausted(); i++) {
                if (schema.wouldAccept(array.elements().get(i), run, null)) {
                    found++;
                    if (evaluated != null) {
                        evaluated.element(i);
                    }
                }
            }
            if (found < least) {
                return run.broken("contains", "has " + found + " elements that match, must have at least " + least);
            }
            return found <= most || run.broken("maxContains", "has " + found + " elements that match, must have at most " + most);
        };
    }

    /** After all that could evaluate an element. */
    static Rule unevaluated(SchemaNode schema) {
        return (value, run, evaluated) -> {
            if (!(value instanceof JsonArray array) || evaluated == null) {
                return true;
            }
            boolean all = true;
            for (int i = 0; i < array.elements().size(); i++) {
                if (!evaluated.has(i)) {
                    all &= element(schema, array.elements().get(i), i, run);
                    evaluated.element(i);
                }
                if (run.isExhausted() || !all && run.isProbing()) {
                    return false;
                }
            }
            return all;
        };
    }
}
