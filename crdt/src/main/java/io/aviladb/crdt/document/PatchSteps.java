package io.aviladb.crdt.document;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.PatchOperation.Kind;
import io.aviladb.crdt.type.ElementSet;
import io.aviladb.crdt.type.TypedField;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A patch's operations, one after the other on one draft. A type that does not fit refuses the whole patch and names the operation. */
final class PatchSteps {
    private final Draft draft;
    private final PatchOperation operation;
    private final int index;

    private PatchSteps(Draft draft, PatchOperation operation, int index) {
        this.draft = draft;
        this.operation = operation;
        this.index = index;
    }

    static void apply(Draft draft, List<PatchOperation> operations) {
        for (int i = 0; i < operations.size(); i++) {
            new PatchSteps(draft, operations.get(i), i).run();
        }
    }

    private void run() {
        checkType(operation.path());
        switch (operation.kind()) {
            case SET -> set(operation.path(), value());
            case UNSET -> draft.remove(operation.path());
            case INC -> increment();
            case MAX, MIN -> extreme();
            case APPEND, ADD_TO_SET -> {
                if (set() instanceof ElementSet set) {
                    draft.addElement(operation.path(), set, value());
                } else {
                    append();
                }
            }
            case REMOVE -> {
                if (set() instanceof ElementSet set) {
                    draft.removeElement(operation.path(), set, value());
                } else {
                    removeElements();
                }
            }
            case MOVE -> move();
        }
    }

    /** A typed field takes its type's operations, and nothing is written inside it. */
    private void checkType(FieldPath path) {
        TypedField type = draft.typed().type(path);
        boolean always = operation.kind() == Kind.UNSET || operation.kind() == Kind.MOVE;
        if (type != null && !always && !type.takes(operation.kind())) {
            throw new AvilaError(ErrorCode.FIELD_TYPE_MISMATCH, named() + path + " is " + draft.typed().name(path)
                    + ", which doesn't take this operation");
        }
        try {
            draft.typed().checkNotInside(path);
        } catch (AvilaError inside) {
            throw new AvilaError(ErrorCode.FIELD_TYPE_MISMATCH, named() + inside.detail());
        }
    }

    /** The type of a field that is declared as a set, whose value fits; else null. */
    private @Nullable ElementSet set() {
        if (!(draft.typed().type(operation.path()) instanceof ElementSet set)) {
            return null;
        }
        draft.typed().check(operation.path(), set, current());
        return set;
    }

    private JsonValue value() {
        return Objects.requireNonNull(operation.value());
    }

    private void set(FieldPath path, JsonValue value) {
        FieldPath blocker = draft.blocker(path);
        if (blocker != null && draft.get(blocker) instanceof JsonArray) {
            throw refused("an array is at " + blocker + ", and its elements have no paths");
        }
        draft.set(path, value);
    }

    /** The value at the path, null where it is missing. An operation that calculates does not write through a scalar. */
    private @Nullable JsonValue current() {
        FieldPath blocker = draft.blocker(operation.path());
        if (blocker != null) {
            throw refused("the value at " + blocker + " is " + type(draft.get(blocker)) + ", not an object");
        }
        return draft.get(operation.path());
    }

    private void increment() {
        BigDecimal amount = exact(number(value(), "the value"));
        JsonValue now = current();
        BigDecimal sum = now == null ? amount : exact(number(now, "the value at the path"));
        if (!CounterNumbers.isAllowed(amount) || !CounterNumbers.isAllowed(sum)) {
            throw refused("a counter counts with at most " + CounterNumbers.MAX_DIGITS + " digits");
        }
        draft.increment(operation.path(), amount);
    }

    private void extreme() {
        JsonNumber offered = number(value(), "the value");
        JsonValue now = current();
        if (now != null) {
            int order = exact(offered).compareTo(exact(number(now, "the value at the path")));
            if (operation.kind() == Kind.MAX ? order <= 0 : order >= 0) {
                return;
            }
        }
        draft.set(operation.path(), offered);
    }

    private void append() {
        JsonValue now = current();
        List<JsonValue> elements = now == null ? new ArrayList<>() : elements(now);
        if (operation.kind() == Kind.ADD_TO_SET && elements.contains(value())) {
            return;
        }
        elements.add(value());
        draft.set(operation.path(), new JsonArray(elements));
    }

    private void removeElements() {
        JsonValue now = current();
        if (now == null) {
            return;
        }
        List<JsonValue> elements = elements(now);
        if (elements.removeIf(value()::equals)) {
            draft.set(operation.path(), new JsonArray(elements));
        }
    }

    private void move() {
        FieldPath from = Objects.requireNonNull(operation.from());
        JsonValue moved = draft.get(from);
        if (moved == null) {
            throw refused("nothing is at " + from);
        }
        if (from.equals(operation.path())) {
            return;
        }
        if (from.contains(operation.path())) {
            throw refused("a value can't move into itself, from " + from);
        }
        draft.remove(from);
        set(operation.path(), moved);
    }

    private List<JsonValue> elements(JsonValue value) {
        if (value instanceof JsonArray array) {
            return new ArrayList<>(array.elements());
        }
        throw refused("the value at the path is " + type(value) + ", not an array");
    }

    private JsonNumber number(JsonValue value, String what) {
        if (value instanceof JsonNumber number) {
            return number;
        }
        throw refused(what + " is " + type(value) + ", not a number");
    }

    private BigDecimal exact(JsonNumber number) {
        try {
            return number.toBigDecimal();
        } catch (ArithmeticException tooLarge) {
            throw refused(String.valueOf(tooLarge.getMessage()));
        }
    }

    private static String type(@Nullable JsonValue value) {
        return switch (value) {
            case null -> "missing";
            case JsonNull n -> "null";
            case JsonBoolean b -> "a boolean";
            case JsonNumber n -> "a number";
            case JsonString s -> "a string";
            case JsonArray a -> "an array";
            case JsonObject o -> "an object";
        };
    }

    private AvilaError refused(String why) {
        return new AvilaError(ErrorCode.INVALID_PATCH, named() + why);
    }

    private String named() {
        String name = operation.kind().name().toLowerCase(Locale.ROOT).replace("add_to_set", "addToSet");
        return "operation " + index + " (" + name + " " + operation.path() + "): ";
    }
}
