package io.aviladb.crdt.conflict;

import io.aviladb.crdt.document.LiveVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * Which conflicts a version makes with those that are known. Of a run of versions that each have seen the one before, the last stands for
 * all: a pair gives way to one whose version has seen its own and not the other side. So regions that have got the same versions have the same
 * conflicts, whatever arrived first.
 */
public final class ConflictSearch {
    private ConflictSearch() {
    }

    /** @param known of the document; the arrived one may be among them */
    public static List<Conflict> of(LiveVersion arrived, List<LiveVersion> known) {
        List<Conflict> found = new ArrayList<>();
        for (LiveVersion other : known) {
            if (Conflict.areConcurrent(arrived, other) && known.stream().noneMatch(later -> givesWay(arrived, other, later))) {
                found.add(Conflict.of(arrived, other));
            }
        }
        return found;
    }

    /** Whether a conflict that is known gives way to one of the arrived version's. */
    public static boolean givesWay(Conflict conflict, LiveVersion arrived) {
        return givesWay(conflict.older(), conflict.newer(), arrived);
    }

    /** The later version has seen one of the two and not the other: then it is the later one that conflicts with the other. */
    private static boolean givesWay(LiveVersion a, LiveVersion b, LiveVersion later) {
        return a.isDominatedBy(later) && !later.vector().covers(b.version())
                || b.isDominatedBy(later) && !later.vector().covers(a.version());
    }
}
