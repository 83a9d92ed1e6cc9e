package io.aviladb.crdt.type;

import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.version.Version;
import io.aviladb.core.write.PatchOperation.Kind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a type makes of a field: which values fit, how a value is told in facts, and how facts are read. Pure; one instance per type. */
public sealed interface TypedField permits Extreme, Flag, ElementSet, Register {
    /** Empty for counters, which are sums and not facts. */
    static Optional<TypedField> of(FieldType type) {
        return switch (type) {
            case COUNTER -> Optional.empty();
            case MAX -> Optional.of(Extreme.MAX);
            case MIN -> Optional.of(Extreme.MIN);
            case ENABLE_WINS_FLAG -> Optional.of(Flag.ENABLE_WINS);
            case DISABLE_WINS_FLAG -> Optional.of(Flag.DISABLE_WINS);
            case ADD_WINS_SET -> Optional.of(ElementSet.ADD_WINS);
            case REMOVE_WINS_SET -> Optional.of(ElementSet.REMOVE_WINS);
            case REGISTER -> Optional.of(Register.MULTI_VALUE);
        };
    }

    /** What a value has to be: {@code a number}. */
    String expected();

    boolean fits(JsonValue value);

    /** Whether a patch may do this to the field. To unset and to move are always allowed. */
    boolean takes(Kind kind);

    /** The value's facts, in the order in which they stand in it. @param value one that fits */
    default List<JsonValue> stated(JsonValue value) {
        return List.of(value);
    }

    /** Whether the facts may be an array's elements. */
    default boolean hasElements() {
        return false;
    }

    /**
     * The value that the facts are read as; null where the field is missing.
     *
     * @param everywhere whether all versions that these are the facts of have the field: a set without elements is there too, then
     */
    @Nullable
    JsonValue read(FieldState state, boolean everywhere);

    /** After a write of this field that has seen the state. @param value null where the field was removed */
    default FieldState assigned(FieldState seen, @Nullable JsonValue value, Version stamp) {
        return restated(seen, value, stamp);
    }

    /** After a write of something above the field, up to the whole document, which states all of the value anew. */
    default FieldState restated(FieldState seen, @Nullable JsonValue value, Version stamp) {
        return value == null ? FieldState.EMPTY : FieldState.of(stated(value), stamp);
    }

    /** What remains to be known of the field when all its facts are stable and the document shows what they are read as. */
    default FieldState forgotten(FieldState state) {
        return FieldState.EMPTY;
    }
}
