package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.crdt.type.ElementSet;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A version in the making: the merged state that its writer saw, and what the write changes. One stamp for all of it, so of the paths written
 * only the topmost become cells; whether such a cell is a value or a removal says the finished body. Not thread-safe.
 */
final class Draft {
    private final MergedState seen;
    private final Version stamp;
    private final PolicyHistory policies;
    private final MutableObject body;
    private final TreeSet<FieldPath> written = new TreeSet<>();
    private final TypedDraft typed;
    private Counters counters;
    private final boolean whole;
    private boolean edited;

    /** @param settles whether the version takes the place of all that it has seen, as one of a policy for whole documents does */
    Draft(MergedState seen, MergePolicyDefinition seenBy, Version stamp, PolicyHistory policies, boolean settles) {
        this.whole = settles || policies.current().isWhole();
        this.policies = policies;
        this.seen = seen;
        this.stamp = stamp;
        this.body = new MutableObject(seen.body());
        this.counters = seen.counters();
        this.typed = new TypedDraft(seen, seenBy, policies.current(), stamp);
    }

    JsonObject before() {
        return seen.body();
    }

    @Nullable
    JsonValue get(FieldPath path) {
        return body.get(path);
    }

    /** What is on the way to the path and is no object; null where nothing is. */
    @Nullable
    FieldPath blocker(FieldPath path) {
        return body.blocker(path);
    }

    /**
     * Sets the value, making missing parents. A scalar on the way becomes an object by a cell of its own, so that the write has seen, and
     * hides, all that lay below it.
     */
    void set(FieldPath path, JsonValue value) {
        checkDepth(path, value);
        typed.checkNotInside(path);
        FieldPath scalar = body.blocker(path);
        body.set(path, value);
        FieldPath cell = scalar == null ? path : scalar;
        mark(cell, body.get(cell));
    }

    /** Removes the member; nothing happens where it is missing. */
    void remove(FieldPath path) {
        if (body.get(path) != null) {
            typed.checkNotInside(path);
            body.remove(path);
            mark(path, null);
        }
    }

    private void mark(FieldPath path, @Nullable JsonValue value) {
        typed.wrote(path, value);
        written.add(path);
        counters = counters.notedBelow(path);
        edited = true;
    }

    /** Adds to the counter at the path: no cell, so that concurrent increments add up. The caller has checked what is there. */
    void increment(FieldPath path, BigDecimal amount) {
        JsonNumber now = body.get(path) instanceof JsonNumber number ? number : JsonNumber.of(0);
        checkDepth(path, now);
        if (policies.current().custom().filter(merge -> merge.merges(path)).isPresent()) {
            set(path, CounterNumbers.sum(now, amount)); // the merge gets numbers, not what was added to them
            return;
        }
        count(path, amount);
        body.set(path, CounterNumbers.sum(now, amount));
        edited = true;
    }

    /** As increment, where the body that shows the sum is already known. */
    void count(FieldPath path, BigDecimal amount) {
        counters = counters.plus(path, stamp.region(), amount, stamp.stamp(), body.get(path) instanceof JsonNumber);
    }

    /** The path is written; its value, null where it was removed, is in the body that {@link #version(VersionVector, byte[])} gets. */
    void wrote(FieldPath path, @Nullable JsonValue value) {
        mark(path, value);
    }

    /** Adds the element to the set at the path, which needn't be there yet. */
    void addElement(FieldPath path, ElementSet set, JsonValue element) {
        checkDepth(path, JsonArray.of(element));
        typed.change(path, seen -> set.added(seen, element, stamp));
        showSet(path, set);
    }

    /** Removes the element from the set at the path, or says that it was removed where it isn't there. */
    void removeElement(FieldPath path, ElementSet set, JsonValue element) {
        typed.change(path, seen -> set.removed(seen, element, stamp));
        showSet(path, set);
    }

    private void showSet(FieldPath path, ElementSet set) {
        JsonValue now = body.get(path);
        JsonValue shown = set.read(typed.state(path), now != null);
        if (shown != null && !shown.equals(now)) {
            body.set(path, shown);
            written.add(path);
            counters = counters.notedBelow(path);
            edited = true;
        }
    }

    /** The typed fields, as they are after the steps so far. */
    TypedDraft typed() {
        return typed;
    }

    LiveVersion version(VersionVector vector) {
        if (!edited) {
            return version(vector, seen.json());
        }
        JsonObject finished = body.freeze();
        return version(vector, Mutator.fitting(finished.toJsonBytes()), finished);
    }

    /** @param json the finished body, where the writer gave it */
    LiveVersion version(VersionVector vector, byte[] json) {
        return version(vector, json, null);
    }

    private LiveVersion version(VersionVector vector, byte[] json, @Nullable JsonObject finished) {
        List<Cell> all = new ArrayList<>(whole ? List.of() : seen.cells().list());
        JsonObject after = finished;
        if (after == null) {
            after = edited && !(whole && typed.isEmpty()) ? (JsonObject) JsonParser.parse(json) : seen.body();
        }
        for (FieldPath path : whole ? List.<FieldPath>of() : topmost()) {
            all.add(new Cell(path, stamp, TypedDraft.inside(after, path.steps()) == null));
        }
        Version root = whole ? stamp : seen.root();
        Cells cells = Cells.unhidden(all);
        Fields fields = typed.isEmpty() ? Fields.EMPTY : typed.fields(after, path -> cells.covering(path, root), whole);
        return new LiveVersion(stamp, vector, false, json, root, cells, counters, fields, policies.number());
    }

    private List<FieldPath> topmost() {
        List<FieldPath> topmost = new ArrayList<>();
        for (FieldPath path : written) {
            if (topmost.isEmpty() || !topmost.get(topmost.size() - 1).contains(path)) {
                topmost.add(path);
            }
        }
        return topmost;
    }

    private static void checkDepth(FieldPath path, JsonValue value) {
        if (path.depth() + depth(value) > JsonParser.MAX_NESTING) {
            throw new AvilaError(ErrorCode.TOO_DEEP, "objects and arrays would be nested more than " + JsonParser.MAX_NESTING + " deep");
        }
    }

    private static int depth(JsonValue value) {
        int deepest = 0;
        if (value instanceof JsonObject object) {
            for (JsonValue member : object.members().values()) {
                deepest = Math.max(deepest, depth(member));
            }
        } else if (value instanceof JsonArray array) {
            for (JsonValue element : array.elements()) {
                deepest = Math.max(deepest, depth(element));
            }
        } else {
            return 0;
        }
        return deepest + 1;
    }
}
