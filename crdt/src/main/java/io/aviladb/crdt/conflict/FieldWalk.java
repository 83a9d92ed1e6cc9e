package io.aviladb.crdt.conflict;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.crdt.conflict.FieldOutcome.Winner;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.type.TypedField;
import io.aviladb.core.version.Version;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Visits the fields at which the bodies of two updates differ, in the order of the older one's members, then the newer one's additions. */
final class FieldWalk {
    private final LiveVersion older;
    private final LiveVersion newer;
    private final MergePolicyDefinition policy;
    private final Predicate<FieldOutcome> visitor; // says whether to go on

    FieldWalk(LiveVersion older, LiveVersion newer, MergePolicyDefinition policy, Predicate<FieldOutcome> visitor) {
        this.older = older;
        this.newer = newer;
        this.policy = policy;
        this.visitor = visitor;
    }

    /** @return whether the visitor wanted to go on to the end */
    boolean walk(JsonObject result) {
        return objects(FieldPath.ROOT, older.document().root(), newer.document().root(), result);
    }

    private boolean objects(FieldPath at, JsonObject a, JsonObject b, @Nullable JsonValue result) {
        Set<String> names = new LinkedHashSet<>(a.members().keySet());
        names.addAll(b.members().keySet());
        for (String name : names) {
            JsonValue merged = result instanceof JsonObject object ? object.getOrNull(name) : null;
            if (!field(at.child(name), a.getOrNull(name), b.getOrNull(name), merged)) {
                return false;
            }
        }
        return true;
    }

    private boolean field(FieldPath path, @Nullable JsonValue a, @Nullable JsonValue b, @Nullable JsonValue merged) {
        if (a instanceof JsonObject one && b instanceof JsonObject other) {
            return objects(path, one, other, merged);
        }
        if (same(a, b) || isMergedByItsType(path, a, b)) {
            return true;
        }
        Winner winner = same(a, merged) ? Winner.OLDER : same(b, merged) ? Winner.NEWER : Winner.BOTH;
        Optional<Version> olderWrite = older.written(path, newer.vector());
        Optional<Version> newerWrite = newer.written(path, older.vector());
        if (policy.isWhole() || policy.custom().filter(merge -> merge.merges(path)).isPresent()) {
            // What decides is the winner's version, whether it wrote the field or only carries it on.
            olderWrite = winner == Winner.OLDER && newerWrite.isPresent() ? olderWrite.or(() -> Optional.of(older.version())) : olderWrite;
            newerWrite = winner == Winner.NEWER && olderWrite.isPresent() ? newerWrite.or(() -> Optional.of(newer.version())) : newerWrite;
        }
        return visitor.test(
                new FieldOutcome(path, Optional.ofNullable(a), Optional.ofNullable(b), olderWrite, newerWrite, Optional.ofNullable(merged),
                        winner));
    }

    /** What a type takes of the two values is what was asked for: neither is lost. */
    private boolean isMergedByItsType(FieldPath path, @Nullable JsonValue a, @Nullable JsonValue b) {
        FieldType declared = policy.fields().get(path);
        return declared != null
                && TypedField.of(declared).filter(type -> (a == null || type.fits(a)) && (b == null || type.fits(b))).isPresent();
    }

    private static boolean same(@Nullable JsonValue a, @Nullable JsonValue b) {
        return a == null ? b == null : a.equals(b);
    }
}
