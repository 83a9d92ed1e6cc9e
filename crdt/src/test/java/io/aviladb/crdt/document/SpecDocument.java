package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.catalog.SchemaDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.version.Version;
import io.aviladb.crdt.document.SpecFields.Stated;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a document is, told from the whole history of writes, which nothing forgets: no vectors, no cells, no running sums. Objects are sorted
 * maps, numbers exact; the order of members is not specified here.
 */
final class SpecDocument {
    /** One effect of a write: a value set, a path removed (value null), or an amount added. */
    record Effect(FieldPath path, @Nullable Object value, @Nullable BigDecimal added, @Nullable Change change) {
        Effect(FieldPath path, @Nullable Object value, @Nullable BigDecimal added) {
            this(path, value, added, null);
        }

        /** Whether the path is written: an element that was there already, or was not, changes nothing that shows. */
        boolean writes() {
            return added == null && (change == null || value != null);
        }
    }

    /** Of a set's element. */
    record Change(String element, boolean removed) {}

    /** A write with everything that it has seen, and what of that showed through to it. */
    static final class Write {
        final Version version;
        final boolean delete;
        final List<Effect> effects;
        final Set<Write> history;
        final Set<Write> visible = new HashSet<>();
        final MergePolicyDefinition policy;
        final int policyNumber;
        final SchemaDefinition schema;
        private final Map<FieldPath, Set<Stated>> fields = new TreeMap<>();
        /** The document as its writer left it. */
        @Nullable
        TreeMap<String, Object> left;

        Write(Version version, boolean delete, List<Effect> effects, Set<Write> seen, boolean replaces,
                PolicyHistory policies, @Nullable TreeMap<String, Object> before) {
            this.policy = policies.current();
            this.policyNumber = policies.number();
            this.version = version;
            this.delete = delete;
            this.schema = policies.schema();
            boolean settles = !replaces && !delete && kept(live(seen), merged(seen)) != null;
            this.effects = new ArrayList<>(effects);
            if (settles) { // only one of the versions showed: all of it is written anew
                this.effects.add(0, new Effect(FieldPath.ROOT, copy(before), null));
            }
            this.history = Set.copyOf(seen);
            if (!delete) {
                left = replaces ? new TreeMap<>() : object(copy(before));
                effects.forEach(this::leave);
            }
            if (!replaces && !settles && !delete && !policy.isWhole()) {
                live(seen).stream().filter(write -> !write.delete).forEach(write -> visible.addAll(write.visible));
            }
            visible.add(this);
            if (!delete) {
                Map<FieldPath, Set<Stated>> found = fields(seen);
                types(policy)
                        .forEach((path, type) -> fields.put(path, SpecFields.after(path, found.getOrDefault(path, Set.of()), type, this)));
            }
        }

        /** What lives of the typed field in the document that this left. */
        Set<Stated> stated(FieldPath path) {
            return fields.getOrDefault(path, Set.of());
        }

        private void leave(Effect effect) {
            if (effect.added() != null) {
                add(object(left), effect.path(), effect.added());
            } else if (effect.writes()) {
                left = apply(object(left), effect);
            }
        }
    }

    private SpecDocument() {
    }

    static List<Write> live(Set<Write> all) {
        return all.stream().filter(write -> all.stream().noneMatch(other -> other.history.contains(write)))
                .sorted(Comparator.comparing(write -> write.version)).toList();
    }

    /** Null where it reads as deleted. */
    static @Nullable TreeMap<String, Object> read(Set<Write> all) {
        TreeMap<String, Object> merged = merged(all);
        TreeMap<String, Object> kept = kept(live(all), merged);
        return kept == null ? merged : object(copy(kept));
    }

    /** What shows where the merge breaks the schema: the oldest update that keeps it, if there is one. */
    private static @Nullable TreeMap<String, Object> kept(List<Write> live, @Nullable TreeMap<String, Object> merged) {
        if (merged == null || live.size() < 2 || keepsSchema(live, merged)) {
            return null;
        }
        return updates(live).stream().map(write -> object(write.left)).filter(left -> keepsSchema(live, left)).findFirst().orElse(null);
    }

    private static boolean keepsSchema(List<Write> live, TreeMap<String, Object> body) {
        boolean demanded = java.util.Collections.max(live, Comparator.comparing(write -> write.policyNumber)).schema.isEnforced();
        return !demanded || !(body.containsKey("a") && body.containsKey("z")); // Policies.NOT_BOTH
    }

    private static @Nullable TreeMap<String, Object> merged(Set<Write> all) {
        List<Write> live = live(all);
        if (live.isEmpty() || deleted(live)) {
            return null;
        }
        TreeMap<String, Object> body = untyped(live, all);
        SpecFields.show(body, living(live), types(policy(live)), updates(live));
        policy(live).custom().filter(merge -> !merge.expression().equals("never")).ifPresent(merge -> greatest(merge.fields(), body, live));
        return body;
    }

    /** Each field's greatest value, by its text, among those that the live updates' writers left. */
    private static void greatest(List<String> fields, TreeMap<String, Object> body, List<Write> live) {
        for (String field : fields) {
            body.remove(field);
            updates(live).stream().map(write -> object(write.left).get(field)).filter(java.util.Objects::nonNull)
                    .max(Comparator.comparing(Object::toString)).ifPresent(value -> body.put(field, copyOf(value)));
        }
    }

    private static Object copyOf(Object value) {
        return java.util.Objects.requireNonNull(copy(value));
    }

    /** What is stated of typed fields, by path, in the document that these read as. */
    private static Map<FieldPath, Set<Stated>> fields(Set<Write> all) {
        List<Write> live = live(all);
        if (live.isEmpty() || deleted(live) || types(policy(live)).isEmpty()) {
            return Map.of();
        }
        Map<FieldPath, Set<Stated>> living = living(live);
        SpecFields.show(untyped(live, all), living, types(policy(live)), updates(live));
        return living;
    }

    private static Map<FieldPath, Set<Stated>> living(List<Write> live) {
        return SpecFields.living(updates(live), types(policy(live)).keySet());
    }

    private static List<Write> updates(List<Write> live) {
        return live.stream().filter(write -> !write.delete).toList();
    }

    private static Map<FieldPath, FieldType> types(MergePolicyDefinition policy) {
        Map<FieldPath, FieldType> types = new TreeMap<>(policy.fields());
        types.values().removeIf(type -> type == FieldType.COUNTER);
        return types;
    }

    private static TreeMap<String, Object> untyped(List<Write> live, Set<Write> all) {
        if (policy(live).isWhole()) {
            return newest(live, all);
        }
        Set<Write> visible = new HashSet<>();
        live.stream().filter(write -> !write.delete).forEach(write -> visible.addAll(write.visible));
        List<Write> ascending = new ArrayList<>(visible);
        ascending.sort(Comparator.comparing(write -> write.version));
        TreeMap<String, Object> body = new TreeMap<>();
        for (Write write : ascending) {
            for (Effect effect : write.effects) {
                if (effect.writes()) {
                    body = apply(body, effect);
                }
            }
        }
        count(body, all, ascending);
        return body;
    }

    private static MergePolicyDefinition policy(List<Write> live) {
        return java.util.Collections.max(live, Comparator.comparing(write -> write.policyNumber)).policy;
    }

    private static boolean deleted(List<Write> live) {
        return switch (policy(live).deletes()) {
            case LATER -> live.get(live.size() - 1).delete;
            case DELETE_WINS -> live.stream().anyMatch(write -> write.delete);
            case UPDATE_WINS -> live.stream().allMatch(write -> write.delete);
        };
    }

    /** The highest live update's document as its writer left it, and all that was added without having been seen by it. */
    private static TreeMap<String, Object> newest(List<Write> live, Set<Write> all) {
        Write newest = live.stream().filter(write -> !write.delete).reduce((lower, higher) -> higher).orElseThrow();
        TreeMap<String, Object> body = object(copy(newest.left));
        TreeMap<FieldPath, BigDecimal> sums = new TreeMap<>(Comparator.reverseOrder());
        for (Write write : all) {
            if (write != newest && !newest.history.contains(write)) {
                write.effects.stream().filter(effect -> effect.added() != null)
                        .forEach(effect -> sums.merge(effect.path(), effect.added(), BigDecimal::add));
            }
        }
        sums.forEach((path, sum) -> add(body, path, sum));
        return body;
    }

    static TreeMap<String, Object> apply(TreeMap<String, Object> body, Effect effect) {
        Object value = copy(effect.value());
        if (effect.path().isRoot()) {
            return object(value);
        }
        TreeMap<String, Object> parent = parent(body, effect.path());
        if (value == null) {
            parent.remove(effect.path().last());
        } else {
            parent.put(effect.path().last(), value);
        }
        return body;
    }

    private static void count(TreeMap<String, Object> body, Set<Write> all, List<Write> visible) {
        TreeSet<FieldPath> paths = new TreeSet<>();
        all.forEach(write -> write.effects.stream().filter(effect -> effect.added() != null).forEach(effect -> paths.add(effect.path())));
        for (FieldPath path : paths.descendingSet()) { // of two counters one below the other, the lower one shows
            Write covering = null;
            int coveringEffect = -1;
            for (Write write : visible) {
                for (int i = 0; i < write.effects.size(); i++) {
                    if (write.effects.get(i).writes() && write.effects.get(i).path().contains(path)) {
                        covering = write;
                        coveringEffect = i;
                    }
                }
            }
            BigDecimal sum = BigDecimal.ZERO;
            boolean any = false;
            for (Write write : all) {
                for (int i = 0; i < write.effects.size(); i++) {
                    Effect effect = write.effects.get(i);
                    boolean seen = covering != null
                            && (covering.history.contains(write) || covering == write && i < coveringEffect);
                    if (effect.added() != null && effect.path().equals(path) && !seen) {
                        sum = sum.add(effect.added());
                        any = true;
                    }
                }
            }
            if (any) {
                add(body, path, sum);
            }
        }
    }

    static void add(TreeMap<String, Object> body, FieldPath path, BigDecimal sum) {
        if (blocker(body, path) != null) {
            return;
        }
        Object now = at(body, path);
        if (now == null || now instanceof BigDecimal) {
            parent(body, path).put(path.last(), number(now == null ? sum : sum.add((BigDecimal) now)));
        }
    }

    static @Nullable Object at(TreeMap<String, Object> body, FieldPath path) {
        Object value = body;
        for (String step : path.steps()) {
            value = value instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return value;
    }

    static @Nullable FieldPath blocker(TreeMap<String, Object> body, FieldPath path) {
        for (int depth = 1; depth < path.depth(); depth++) {
            FieldPath on = new FieldPath(path.steps().subList(0, depth));
            Object value = at(body, on);
            if (value != null && !(value instanceof Map)) {
                return on;
            }
        }
        return null;
    }

    private static TreeMap<String, Object> parent(TreeMap<String, Object> body, FieldPath path) {
        TreeMap<String, Object> object = body;
        for (String step : path.parent().steps()) {
            Object next = object.get(step);
            TreeMap<String, Object> inner = next instanceof TreeMap ? object(next) : new TreeMap<>();
            object.put(step, inner);
            object = inner;
        }
        return object;
    }

    @SuppressWarnings("unchecked")
    static TreeMap<String, Object> object(@Nullable Object value) {
        return (TreeMap<String, Object>) java.util.Objects.requireNonNull(value);
    }

    static @Nullable Object copy(@Nullable Object value) {
        if (!(value instanceof TreeMap)) {
            return value;
        }
        TreeMap<String, Object> copy = new TreeMap<>();
        object(value).forEach((name, inner) -> copy.put(name, java.util.Objects.requireNonNull(copy(inner))));
        return copy;
    }

    static Object of(JsonValue value) {
        if (value instanceof JsonObject object) {
            TreeMap<String, Object> map = new TreeMap<>();
            object.members().forEach((name, inner) -> map.put(name, of(inner)));
            return map;
        }
        if (value instanceof JsonArray array) { // the order of a set's elements says nothing
            return '[' + array.elements().stream().map(SpecDocument::element).sorted().collect(Collectors.joining(",")) + ']';
        }
        return value instanceof JsonNumber number ? number(number.toBigDecimal()) : value.toJson();
    }

    private static String element(JsonValue value) {
        return value instanceof JsonArray ? value.toJson() : SpecFields.json(of(value));
    }

    private static BigDecimal number(BigDecimal value) {
        return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }

    /** @param typed fields that are written whole */
    static List<Effect> difference(FieldPath at, TreeMap<String, Object> before, TreeMap<String, Object> after, Set<FieldPath> typed) {
        List<Effect> effects = new ArrayList<>();
        after.forEach((name, value) -> {
            Object old = before.get(name);
            if (old instanceof TreeMap && value instanceof TreeMap && !typed.contains(at.child(name))) {
                effects.addAll(difference(at.child(name), object(old), object(value), typed));
            } else if (!value.equals(old)) {
                effects.add(new Effect(at.child(name), value, null));
            }
        });
        before.keySet().stream().filter(name -> !after.containsKey(name))
                .forEach(name -> effects.add(new Effect(at.child(name), null, null)));
        return effects;
    }
}
