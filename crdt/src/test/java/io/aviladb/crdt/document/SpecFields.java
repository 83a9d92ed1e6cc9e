package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonParser;
import io.aviladb.crdt.document.SpecDocument.Change;
import io.aviladb.crdt.document.SpecDocument.Effect;
import io.aviladb.crdt.document.SpecDocument.Write;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What typed fields are, told from the whole history: a statement lives in a document that a write left if the write made it, or found it
 * there and did not take it away; it lives in a set of documents if it does in one of them, and each whose writer knew of it says the same.
 */
final class SpecFields {
    /** That the field has the value or element, or that the element was taken out; by which write. */
    record Stated(Object value, boolean removed, Write by) {
        boolean saysTheSameAs(Stated other) {
            return removed == other.removed && value.equals(other.value);
        }
    }

    private SpecFields() {
    }

    static Map<FieldPath, Set<Stated>> living(Collection<Write> updates, Collection<FieldPath> paths) {
        Map<FieldPath, Set<Stated>> living = new TreeMap<>();
        for (FieldPath path : paths) {
            Set<Stated> here = new HashSet<>();
            updates.forEach(update -> here.addAll(update.stated(path)));
            here.removeIf(stated -> updates.stream().anyMatch(update -> (update == stated.by || update.history.contains(stated.by))
                    && update.stated(path).stream().noneMatch(stated::saysTheSameAs)));
            living.put(path, here);
        }
        return living;
    }

    /** Puts the fields into the body, and leaves of what is stated the part that the body has a place for. */
    static void show(TreeMap<String, Object> body, Map<FieldPath, Set<Stated>> living, Map<FieldPath, FieldType> types,
            Collection<Write> updates) {
        living.forEach((path, stated) -> {
            Object now = SpecDocument.at(body, path);
            Object shown = read(Objects.requireNonNull(types.get(path)), stated,
                    updates.stream().allMatch(update -> SpecDocument.at(Objects.requireNonNull(update.left), path) != null));
            if (shown == null) {
                if (now != null) {
                    SpecDocument.apply(body, new Effect(path, null, null));
                }
            } else if (SpecDocument.blocker(body, path) == null) {
                SpecDocument.apply(body, new Effect(path, shown, null));
            } else {
                stated.removeIf(one -> !one.removed);
            }
        });
    }

    private static @Nullable Object read(FieldType type, Set<Stated> stated, boolean everywhere) {
        Set<Object> values = stated.stream().filter(one -> !one.removed).map(Stated::value).collect(Collectors.toSet());
        return switch (type) {
            case ADD_WINS_SET, REMOVE_WINS_SET -> {
                Set<String> shown = shown(stated, type);
                yield shown.isEmpty() ? everywhere ? "[]" : null : '[' + String.join(",", shown) + ']';
            }
            case COUNTER -> throw new IllegalStateException("counters are sums");
            case MAX -> values.stream().map(BigDecimal.class::cast).max(BigDecimal::compareTo).orElse(null);
            case MIN -> values.stream().map(BigDecimal.class::cast).min(BigDecimal::compareTo).orElse(null);
            case ENABLE_WINS_FLAG -> values.isEmpty() ? null : values.contains("true") ? "true" : "false";
            case REGISTER -> values.size() < 2
                    ? values.stream().findAny().orElse(null)
                    : values.stream().map(SpecFields::json).sorted().collect(Collectors.joining(",", "[", "]"));
            case DISABLE_WINS_FLAG -> values.isEmpty() ? null : values.contains("false") ? "false" : "true";
        };
    }

    /** What the write leaves stated at the path. */
    static Set<Stated> after(FieldPath path, Set<Stated> found, FieldType type, Write write) {
        Set<Stated> now = new HashSet<>(found);
        for (Effect effect : write.effects) {
            if (type == FieldType.ADD_WINS_SET || type == FieldType.REMOVE_WINS_SET) {
                change(now, path, effect, type, write);
            } else if (effect.added() == null && effect.path().contains(path)) {
                Object value = inside(effect.value(), path.steps().subList(effect.path().depth(), path.depth()));
                now.clear();
                if (value != null) {
                    states(type, value).forEach(one -> now.add(new Stated(one, false, write)));
                }
            }
        }
        return now;
    }

    private static Collection<Object> states(FieldType type, Object value) {
        return type == FieldType.REGISTER && value instanceof String text && text.startsWith("[")
                ? elements(text).stream().map(element -> SpecDocument.of(JsonParser.parse(element.getBytes(StandardCharsets.UTF_8))))
                        .toList()
                : List.of(value);
    }

    static String json(Object value) {
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        return value instanceof Map<?, ?> map
                ? map.entrySet().stream().map(member -> '"' + (String) member.getKey() + "\":" + json(member.getValue()))
                        .collect(Collectors.joining(",", "{", "}"))
                : (String) value;
    }

    private static Set<String> shown(Set<Stated> stated, FieldType type) {
        return stated.stream().filter(one -> !one.removed)
                .filter(one -> type == FieldType.ADD_WINS_SET
                        || stated.stream().noneMatch(other -> other.removed && other.value.equals(one.value)))
                .map(one -> (String) one.value).collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> elements(@Nullable Object array) {
        Set<String> elements = new TreeSet<>();
        if (array instanceof String text && JsonParser.parse(text.getBytes(StandardCharsets.UTF_8)) instanceof JsonArray values) {
            values.elements().forEach(element -> elements.add(element.toJson()));
        }
        return elements;
    }

    private static void change(Set<Stated> now, FieldPath path, Effect effect, FieldType type, Write write) {
        Change change = effect.change();
        if (change != null && effect.path().equals(path)) {
            change(now, change.element(), change.removed(), type, write);
        } else if (change == null && effect.added() == null && effect.path().contains(path)) {
            Set<String> before = shown(now, type);
            Set<String> after = elements(inside(effect.value(), path.steps().subList(effect.path().depth(), path.depth())));
            for (String element : after) {
                if (!before.contains(element) || !effect.path().equals(path)) {
                    change(now, element, false, type, write);
                }
            }
            before.removeAll(after);
            before.forEach(element -> change(now, element, true, type, write));
        }
    }

    private static void change(Set<Stated> now, String element, boolean removed, FieldType type, Write write) {
        now.removeIf(one -> one.value.equals(element) && !(removed && type == FieldType.ADD_WINS_SET && one.removed));
        if (!removed || type == FieldType.REMOVE_WINS_SET) {
            now.add(new Stated(element, removed, write));
        }
    }

    private static @Nullable Object inside(@Nullable Object start, List<String> steps) {
        Object value = start;
        for (String step : steps) {
            value = value instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return value;
    }
}
