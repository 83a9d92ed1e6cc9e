package io.aviladb.chaos.simulation;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.node.consensus.ReplicatedState;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.node.range.RangeMachine;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What holds after every entry that any replica applies. */
final class Invariants {
    private final KeyRange all;
    private final Map<Long, Outcome> outcomes = new HashMap<>(); // of a group's entry
    private final Map<RangeMachine, Before> before = new IdentityHashMap<>(); // looked up, never iterated

    private record Outcome(int answer, HybridTimestamp stamp) {}

    private record Before(Map<Long, OwnedRange> ranges, VersionVector covered) {}

    /** @param all keys of the collection */
    Invariants(KeyRange all) {
        this.all = all;
    }

    static void holds(boolean holds, String name, Supplier<String> otherwise) {
        if (!holds) {
            throw new InvariantViolation(name, otherwise.get());
        }
    }

    void applied(int group, NodeId node, ReplicatedState state, long index, Object answer) {
        if (!(state instanceof RangeMachine machine)) {
            return;
        }
        Outcome now = new Outcome(digest(answer), machine.lastStamp());
        Outcome first = outcomes.putIfAbsent((long) group << 40 | index, now);
        holds(first == null || first.equals(now), "AnEntryDoesTheSameOnEveryReplicaAndAgain",
                () -> "entry " + index + " of group " + group + " at " + node + ": " + now + ", before: " + first);
        Map<Long, OwnedRange> ranges = machine.ranges();
        Before earlier = before.get(machine);
        if (ranges.isEmpty() || earlier != null && earlier.ranges() == ranges) {
            return;
        }
        List<KeyRange> owned = ranges.values().stream().map(OwnedRange::keys)
                .sorted((a, b) -> Arrays.compareUnsigned(a.start(), b.start())).toList();
        boolean whole = Arrays.equals(owned.getFirst().start(), all.start()) && Arrays.equals(owned.getLast().end(), all.end());
        for (int i = 1; i < owned.size(); i++) {
            whole &= owned.get(i - 1).touches(owned.get(i));
        }
        holds(whole, "EachKeyHasOneOwner", () -> "group " + group + " at " + node + " owns " + owned);
        VersionVector covered = ranges.values().stream().map(OwnedRange::covered).reduce(VersionVector::meet).orElse(VersionVector.EMPTY);
        holds(earlier == null || covered.covers(earlier.covered()), "CoverageNeverFalls",
                () -> "group " + group + " at " + node + ": " + covered + ", before " + (earlier == null ? "" : earlier.covered()));
        before.put(machine, new Before(ranges, covered));
    }

    private static int digest(Object answer) {
        if (answer instanceof List<?> answers) {
            return Arrays.deepHashCode(answers.stream().map(one -> ((UnitAnswer) one).toByteArray()).toArray());
        }
        return answer.toString().hashCode();
    }
}
