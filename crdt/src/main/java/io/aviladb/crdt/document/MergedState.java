package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.version.Version;
import io.aviladb.crdt.type.FieldState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a set of live versions reads as when an update decides: per path the value with the highest stamp, counters added up, and the cells
 * that a write on top of it carries on.
 *
 * <p>It is defined as the fold of all cells of the live updates in ascending order of their stamps. Applying a cell first turns whatever on
 * the way to its path is no object into an object, then sets or removes the path; this holds for removals too, so that what a cell hides
 * leaves no trace (S13, S45). Cells that a newer one at or above their path hides may therefore be left out, and cells may be applied with
 * the value that a version's body has now instead of the one they were written with: what differs lies below newer cells of that version,
 * which follow. Objects that typed fields alone hold are no cell's: they are taken out before the fold, and put back with the fields.
 *
 * @param held by path, of typed fields that hold objects which no write has left: the depth of the topmost
 */
record MergedState(JsonObject body, byte[] json, Version root, Cells cells, Counters counters, Map<FieldPath, FieldState> fields,
        Map<FieldPath, Integer> held) {

    /** @throws IllegalArgumentException where the set reads as deleted */
    static MergedState of(LiveVersions set, MergePolicyDefinition policy) {
        if (set.isDeleted(policy)) {
            throw new IllegalArgumentException("a set that reads as deleted has no body");
        }
        List<LiveVersion> updates = set.versions().stream().filter(version -> !version.isDelete()).toList();
        if (set.versions().size() == 1) {
            LiveVersion only = updates.get(0);
            FieldMerge fields = FieldMerge.of(updates, policy);
            return new MergedState(only.document().root(), only.json(), only.root(), only.cells(), only.counters(), fields.states(),
                    fields.held(only));
        }
        FieldMerge fields = FieldMerge.of(updates, policy);
        return policy.isWhole()
                ? newest(set, updates, fields)
                : merge(set, updates, fields, CustomFields.of(updates, policy));
    }

    /** One update's body as its writer left it. Whoever writes on top has seen, and gives up, what the others' regions have counted. */
    static MergedState keeping(LiveVersions set, LiveVersion kept, MergePolicyDefinition policy) {
        FieldMerge fields = FieldMerge.of(List.of(kept), policy);
        return new MergedState(kept.document().root(), kept.json(), kept.root(), Cells.EMPTY, Counters.noted(set), fields.states(),
                fields.held(kept));
    }

    /** The highest update's body as its writer left it, and on it what it had not seen of counters: to add is never to overwrite. */
    private static MergedState newest(LiveVersions set, List<LiveVersion> updates, FieldMerge fields) {
        LiveVersion newest = updates.get(updates.size() - 1);
        CounterMerge counters = CounterMerge.on(set, newest);
        JsonObject before = newest.document().root();
        MutableObject body = new MutableObject(before);
        if (counters.addsNothingTo(newest) && fields.isShownBy(body)) {
            return new MergedState(before, newest.json(), newest.root(), newest.cells(), counters.merged(), fields.states(),
                    fields.held(newest));
        }
        counters.addTo(body);
        fields.show(body);
        JsonObject after = body.freeze();
        return new MergedState(after, after.toJsonBytes(), newest.root(), newest.cells(), counters.merged(), fields.states(),
                fields.held());
    }

    private static MergedState merge(LiveVersions set, List<LiveVersion> updates, FieldMerge fields, CustomFields custom) {
        LiveVersion base = base(updates);
        JsonObject baseBody = base.document().root();
        Map<Cell, JsonObject> sources = new HashMap<>(); // of each cell the body of the highest version that has it
        List<JsonObject> writers = new ArrayList<>(); // whose members can be in the result
        for (LiveVersion update : updates) {
            JsonObject body = update == base ? baseBody : update.document().root();
            JsonObject left = fields.written(update, body);
            boolean contributes = update.root().equals(base.root());
            for (Cell cell : update.cells().list()) {
                if (cell.stamp().compareTo(base.root()) > 0) {
                    sources.put(cell, left);
                    contributes = true;
                }
            }
            if (contributes) {
                writers.add(body);
            }
        }
        Cells cells = Cells.unhidden(sources.keySet());
        CounterMerge counters = CounterMerge.of(set, base, updates);
        MutableObject whole = new MutableObject(baseBody);
        if (writers.size() == 1 && counters.addsNothingTo(base) && fields.isShownBy(whole) && custom.isShownBy(whole)) {
            return new MergedState(baseBody, base.json(), base.root(), cells, counters.merged(), fields.states(), fields.held(base));
        }
        MutableObject fold = new MutableObject(fields.written(base, baseBody));
        cells.list().stream().sorted(Comparator.comparing(Cell::stamp))
                .forEach(cell -> apply(fold, cell, Objects.requireNonNull(sources.get(cell))));
        counters.addTo(fold);
        fields.show(fold);
        custom.show(fold);
        JsonObject body = MemberOrder.arrange(fold.freeze(), writers);
        return new MergedState(body, body.toJsonBytes(), base.root(), cells, counters.merged(), fields.states(), fields.held());
    }

    /** The typed fields as they are kept when the body has become one version's, whose dot takes the place of all that it shows. */
    Fields forgotten(Version version, MergePolicyDefinition policy) {
        TreeMap<FieldPath, FieldDots> kept = new TreeMap<>();
        FieldMerge.types(policy).forEach((path, type) -> {
            FieldState left = fields.containsKey(path) ? type.forgotten(fields.get(path)) : FieldState.EMPTY;
            if (!left.isEmpty()) {
                FieldDots dots = FieldDots.of(type, TypedDraft.inside(body, path.steps()), left, version, 0);
                if (dots != null) {
                    kept.put(path, dots);
                }
            }
        });
        return new Fields(kept);
    }

    /** The version whose body the fold begins with: the highest of those with the newest root. */
    private static LiveVersion base(List<LiveVersion> updates) {
        LiveVersion base = updates.get(0);
        for (LiveVersion update : updates) {
            base = update.root().compareTo(base.root()) >= 0 ? update : base;
        }
        return base;
    }

    /** A cell that has no value any more was one of a typed field, of whose facts none lived when its version was written. */
    private static void apply(MutableObject fold, Cell cell, JsonObject source) {
        JsonValue value = cell.missing() ? null : TypedDraft.inside(source, cell.path().steps());
        if (value != null) {
            fold.set(cell.path(), value);
        } else {
            fold.remove(cell.path());
        }
    }
}
