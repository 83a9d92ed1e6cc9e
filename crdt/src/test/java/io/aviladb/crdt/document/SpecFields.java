package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.document.FieldPath;
import io.aviladb.crdt.document.SpecDocument.Effect;
import io.aviladb.crdt.document.SpecDocument.Write;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
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
    static void show(TreeMap<String, Object> body, Map<FieldPath, Set<Stated>> living, Map<FieldPath, FieldType> types) {
        living.forEach((path, stated) -> {
            Object now = SpecDocument.at(body, path);
            Object shown = read(Objects.requireNonNull(types.get(path)), stated, now);
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

    private static @Nullable Object read(FieldType type, Set<Stated> stated, @Nullable Object underneath) {
        Set<Object> values = stated.stream().filter(one -> !one.removed).map(Stated::value).collect(Collectors.toSet());
        return switch (type) {
            case COUNTER -> throw new IllegalStateException("counters are sums");
            case MAX -> values.stream().map(BigDecimal.class::cast).max(BigDecimal::compareTo).orElse(null);
            case MIN -> values.stream().map(BigDecimal.class::cast).min(BigDecimal::compareTo).orElse(null);
            case ENABLE_WINS_FLAG -> values.isEmpty() ? null : values.contains("true") ? "true" : "false";
            case DISABLE_WINS_FLAG -> values.isEmpty() ? null : values.contains("false") ? "false" : "true";
        };
    }

    /** What the write leaves stated at the path. */
    static Set<Stated> after(FieldPath path, Set<Stated> found, FieldType type, Write write) {
        Set<Stated> now = new HashSet<>(found);
        for (Effect effect : write.effects) {
            if (effect.added() == null && effect.path().contains(path)) {
                Object value = inside(effect.value(), path.steps().subList(effect.path().depth(), path.depth()));
                now.clear();
                if (value != null) {
                    now.add(new Stated(value, false, write));
                }
            }
        }
        return now;
    }

    private static @Nullable Object inside(@Nullable Object start, List<String> steps) {
        Object value = start;
        for (String step : steps) {
            value = value instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return value;
    }
}
