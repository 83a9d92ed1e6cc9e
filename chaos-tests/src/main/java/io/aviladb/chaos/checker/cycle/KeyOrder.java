package io.aviladb.chaos.checker.cycle;

import io.aviladb.chaos.history.Edn;
import java.util.List;

/**
 * Versions of one key.
 *
 * @param ordered after the initial one, in order
 * @param after acknowledged, and certainly after the last of those, in no known order
 */
record KeyOrder(Edn key, List<Edn> ordered, List<Edn> after) {
    KeyOrder {
        ordered = List.copyOf(ordered);
        after = List.copyOf(after);
    }

    /** Place of a version: 0 for the initial one, -1 where it isn't known. */
    int place(Edn version) {
        return version.equals(Edn.ABSENT) ? 0 : ordered.indexOf(version) < 0 ? -1 : ordered.indexOf(version) + 1;
    }
}
