package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.version.Version;
import io.aviladb.crdt.policy.MergePolicies;
import io.aviladb.crdt.type.FieldState;
import io.aviladb.crdt.type.TypedField;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The typed fields of a version in the making, by the policy in force for writes. Not thread-safe. */
final class TypedDraft {
    private final MergePolicyDefinition policy;
    private final Map<FieldPath, TypedField> types;
    /** Where a path has a type and no state its value doesn't fit. */
    private final TreeMap<FieldPath, FieldState> states = new TreeMap<>();
    private final TreeMap<FieldPath, Integer> held = new TreeMap<>(); // as in MergedState
    private final Version stamp;

    /** On nothing: an insert, or a put that needn't know what it replaces. */
    TypedDraft(MergePolicyDefinition policy, Version stamp) {
        this.policy = policy;
        this.types = FieldMerge.types(policy);
        this.stamp = stamp;
        types.keySet().forEach(path -> states.put(path, FieldState.EMPTY));
    }

    /** @param seenBy what was seen is read by this policy; a field that it types otherwise begins with the value that it shows */
    TypedDraft(MergedState seen, MergePolicyDefinition seenBy, MergePolicyDefinition policy, Version stamp) {
        this(policy, stamp);
        held.putAll(seen.held());
        types.forEach((path, type) -> {
            JsonValue value = inside(seen.body(), path.steps());
            FieldState known = policy.fields().get(path) == seenBy.fields().get(path) ? seen.fields().get(path) : null;
            if (known != null) {
                states.put(path, known);
            } else if (value == null || type.fits(value)) {
                states.put(path, FieldDots.state(type, value, null, seen.cells().covering(path, seen.root())));
            } else {
                states.remove(path);
            }
        });
    }

    boolean isEmpty() {
        return types.isEmpty();
    }

    @Nullable
    TypedField type(FieldPath path) {
        return types.get(path);
    }

    FieldState state(FieldPath path) {
        return states.getOrDefault(path, FieldState.EMPTY);
    }

    /** Of a field whose value fits. */
    void change(FieldPath path, UnaryOperator<FieldState> change) {
        states.put(path, change.apply(state(path)));
    }

    /** {@code a max field}, for messages. */
    String name(FieldPath path) {
        return "a field of type " + MergePolicies.word(Objects.requireNonNull(policy.fields().get(path)));
    }

    /** @throws AvilaError {@link ErrorCode#FIELD_TYPE_MISMATCH} where the path lies inside a typed field, which is written whole */
    void checkNotInside(FieldPath path) {
        for (FieldPath typed : types.keySet()) {
            if (typed.contains(path) && !typed.equals(path)) {
                throw mismatch(path + " lies inside " + typed + ", " + name(typed) + ", which is written as a whole");
            }
        }
    }

    /**
     * After a write at the path: the field there, and those below it.
     *
     * @param value what is now at the path; null where it was removed
     * @throws AvilaError {@link ErrorCode#FIELD_TYPE_MISMATCH} where a value doesn't fit
     */
    void wrote(FieldPath path, @Nullable JsonValue value) {
        types.forEach((typed, type) -> {
            if (path.contains(typed)) {
                JsonValue now = inside(value, typed.steps().subList(path.depth(), typed.depth()));
                check(typed, type, now);
                held.remove(typed); // what is on the way is written too
                FieldState seen = state(typed);
                states.put(typed, path.equals(typed) ? type.assigned(seen, now, stamp) : type.restated(seen, now, stamp));
            }
        });
    }

    /** @throws AvilaError {@link ErrorCode#FIELD_TYPE_MISMATCH} where there is a value and it doesn't fit */
    void check(FieldPath path, TypedField type, @Nullable JsonValue value) {
        if (value != null && !type.fits(value)) {
            String text = value.toJson();
            throw mismatch(path + " is " + name(path) + " and takes " + type.expected() + ", not "
                    + (text.length() <= 60 ? text : text.substring(0, 57) + "..."));
        }
    }

    private static AvilaError mismatch(String why) {
        return new AvilaError(ErrorCode.FIELD_TYPE_MISMATCH, why);
    }

    /**
     * What the finished version keeps beside its body and cells.
     *
     * @param whole whether the version is a write of the whole document, which leaves all that is in it
     */
    Fields fields(JsonObject body, Function<FieldPath, Version> covering, boolean whole) {
        TreeMap<FieldPath, FieldDots> kept = new TreeMap<>();
        states.forEach((path, state) -> {
            FieldDots dots = FieldDots.of(Objects.requireNonNull(types.get(path)), inside(body, path.steps()), state,
                    covering.apply(path), whole ? 0 : held.getOrDefault(path, 0));
            if (dots != null) {
                kept.put(path, dots);
            }
        });
        return kept.isEmpty() ? Fields.EMPTY : new Fields(kept);
    }

    static @Nullable JsonValue inside(@Nullable JsonValue start, List<String> steps) {
        JsonValue value = start;
        for (String step : steps) {
            value = value instanceof JsonObject object ? object.getOrNull(step) : null;
        }
        return value;
    }
}
