package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A put with a base: only what differs from the base is written, so that concurrent changes of other fields survive (S17). Objects are
 * compared member by member, everything else as one value. Where the policy declares a counter, the difference of two numbers is an
 * increment.
 */
final class Differences {
    private Differences() {
    }

    static void apply(Draft draft, JsonObject after, MergePolicyDefinition policy) {
        compare(draft, FieldPath.ROOT, draft.before(), after, policy);
    }

    private static void compare(Draft draft, FieldPath at, JsonObject before, JsonObject after, MergePolicyDefinition policy) {
        after.members().forEach((name, value) -> {
            FieldPath path = at.child(name);
            JsonValue old = before.getOrNull(name);
            if (old instanceof JsonObject oldObject && value instanceof JsonObject newObject && draft.typed().type(path) == null) {
                compare(draft, path, oldObject, newObject, policy);
            } else if (!value.equals(old) && !counted(draft, path, old, value, policy)) {
                draft.wrote(path, value);
            }
        });
        for (String name : before.members().keySet()) {
            if (after.getOrNull(name) == null) {
                draft.wrote(at.child(name), null);
            }
        }
    }

    private static boolean counted(Draft draft, FieldPath path, @Nullable JsonValue old, JsonValue value,
            MergePolicyDefinition policy) {
        if (policy.fields().get(path) != FieldType.COUNTER || !(old instanceof JsonNumber from) || !(value instanceof JsonNumber to)) {
            return false;
        }
        try {
            BigDecimal amount = to.toBigDecimal().subtract(from.toBigDecimal());
            if (!CounterNumbers.isAllowed(amount)) {
                return false;
            }
            draft.count(path, amount);
            return true;
        } catch (ArithmeticException tooLarge) {
            return false; // set, not counted
        }
    }
}
