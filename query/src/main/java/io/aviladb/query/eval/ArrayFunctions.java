package io.aviladb.query.eval;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Functions of arrays. What isn't an array makes the result missing. */
final class ArrayFunctions {
    static final List<ScalarFunction> ALL = List.of(array("ARRAY_LENGTH", elements -> JsonNumber.of(elements.size())),
            array("ARRAY_SORT", elements -> new JsonArray(elements.stream().sorted(ValueOrder.ORDER).toList())),
            array("ARRAY_DISTINCT", elements -> new JsonArray(List.copyOf(set(elements)))),
            new ScalarFunction("ARRAY_CONTAINS", 2, 2, false, true, (arguments, frame) -> contains(arguments)),
            new ScalarFunction("ARRAY_CONCAT", 1, Integer.MAX_VALUE, true, true, (arguments, frame) -> concat(arguments)),
            new ScalarFunction("ARRAY_UNION", 2, 2, true, true, (arguments, frame) -> union(arguments)),
            new ScalarFunction("MERGE_UNION", 2, 2, false, true, (arguments, frame) -> mergeUnion(arguments)),
            new ScalarFunction("ARRAY_INTERSECT", 2, 2, true, true, (arguments, frame) -> intersect(arguments)),
            new ScalarFunction("ARRAY_SLICE", 2, 3, true, true, (arguments, frame) -> slice(arguments)),
            new ScalarFunction("OBJECT_KEYS", 1, 1, true, true, (arguments, frame) -> arguments.get(0) instanceof JsonObject object
                    ? new JsonArray(object.members().keySet().stream().<JsonValue>map(JsonString::new).toList())
                    : null));

    private ArrayFunctions() {
    }

    private static ScalarFunction array(String name, Function<List<JsonValue>, JsonValue> body) {
        return new ScalarFunction(name, 1, 1, true, true,
                (arguments, frame) -> arguments.get(0) instanceof JsonArray array ? body.apply(array.elements()) : null);
    }

    private static TreeSet<JsonValue> set(List<JsonValue> elements) {
        TreeSet<JsonValue> set = new TreeSet<>(ValueOrder.ORDER);
        elements.forEach(set::add); // of equals the first stays
        return set;
    }

    /** A null is found like any other value: here it is one of the elements. */
    private static @Nullable JsonValue contains(List<? extends @Nullable JsonValue> arguments) {
        JsonValue wanted = arguments.get(1);
        if (wanted == null || !(arguments.get(0) instanceof JsonArray array)) {
            return arguments.get(0) == JsonNull.NULL && wanted != null ? JsonNull.NULL : null;
        }
        return JsonBoolean.of(array.elements().stream().anyMatch(element -> ValueOrder.ORDER.same(element, wanted)));
    }

    private static @Nullable JsonValue concat(List<? extends @Nullable JsonValue> arguments) {
        List<JsonValue> all = new ArrayList<>();
        for (JsonValue argument : arguments) {
            if (!(argument instanceof JsonArray array)) {
                return null;
            }
            all.addAll(array.elements());
        }
        return new JsonArray(all);
    }

    /** Sorted and without duplicates, so that the order of the arguments doesn't show. */
    private static @Nullable JsonValue union(List<? extends @Nullable JsonValue> arguments) {
        if (arguments.get(0) instanceof JsonArray a && arguments.get(1) instanceof JsonArray b) {
            List<JsonValue> all = new ArrayList<>(a.elements());
            all.addAll(b.elements());
            all.sort((x, y) -> ValueOrder.ORDER.same(x, y) ? x.toJson().compareTo(y.toJson()) : ValueOrder.ORDER.compare(x, y));
            return new JsonArray(List.copyOf(set(all)));
        }
        return null;
    }

    /** A join of any two values, for merges: the union of arrays; else the greater value, so that no argument makes it missing but two missing. */
    private static @Nullable JsonValue mergeUnion(List<? extends @Nullable JsonValue> arguments) {
        JsonValue a = arguments.get(0);
        JsonValue b = arguments.get(1);
        if (a instanceof JsonArray && b instanceof JsonArray) {
            return union(arguments);
        }
        int order = ValueOrder.ORDER.compare(a, b);
        boolean lesserText = a != null && b != null && a.toJson().compareTo(b.toJson()) <= 0;
        return order > 0 || order == 0 && lesserText ? a : b;
    }

    private static @Nullable JsonValue intersect(List<? extends @Nullable JsonValue> arguments) {
        if (arguments.get(0) instanceof JsonArray a && arguments.get(1) instanceof JsonArray b) {
            TreeSet<JsonValue> both = set(a.elements());
            both.retainAll(set(b.elements()));
            return new JsonArray(List.copyOf(both));
        }
        return null;
    }

    private static @Nullable JsonValue slice(List<? extends @Nullable JsonValue> arguments) {
        OptionalLong from = StringFunctions.whole(arguments.get(1));
        OptionalLong count = arguments.size() == 3 ? StringFunctions.whole(arguments.get(2)) : OptionalLong.of(Integer.MAX_VALUE);
        if (!(arguments.get(0) instanceof JsonArray array) || from.isEmpty() || count.isEmpty()) {
            return null;
        }
        int size = array.elements().size();
        int start = Math.clamp(from.getAsLong(), 0, size);
        int end = Math.clamp((long) start + Math.clamp(count.getAsLong(), 0, Integer.MAX_VALUE), start, size);
        return new JsonArray(array.elements().subList(start, end));
    }
}
