package io.aviladb.chaos.checker.seeded;

import io.aviladb.chaos.history.Edn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Two regions that take writes, stamp them above everything they have applied, and hear of each other's in order and late; the last writer wins. A
 * session goes to either region, if that has applied what the session's token names.
 */
final class SessionWorld {
    private static final int SESSIONS = 3;
    private static final int CATCH_UP_OF_100 = 25;
    private static final int UNKNOWN_OF_100 = 10;
    private static final int TICKS = 1_000;

    private record Version(Edn value, long stamp) {}

    private record Write(Edn key, Version version) {}

    private final Random random;
    private final List<List<Write>> logs = List.of(new ArrayList<>(), new ArrayList<>()); // of each region
    private final int[] heard = new int[2]; // how much of the other region's log a region has applied
    private final List<Map<Edn, Version>> stores = List.of(new HashMap<>(), new HashMap<>());
    private final long[] clocks = new long[2];
    private final int[][] tokens = new int[SESSIONS][2];

    private SessionWorld(Random random) {
        this.random = random;
    }

    /** @param tokens whether sessions send theirs: else the system is wrong, and some of its histories are */
    static Draft draft(Random random, int operations, boolean tokens) {
        SessionWorld world = new SessionWorld(random);
        List<Draft.Op> ops = new ArrayList<>();
        while (ops.size() < operations) {
            int region = random.nextInt(2);
            if (random.nextInt(100) < CATCH_UP_OF_100) {
                world.catchUp(region);
            }
            int session = random.nextInt(SESSIONS);
            if (!tokens || world.heard[region] >= world.tokens[session][1 - region]) {
                ops.add(random.nextInt(5) < 3 ? world.read(session, region) : world.write(session, region, ops.size() + 10));
            }
        }
        return spread(random, ops);
    }

    private void catchUp(int region) {
        List<Write> others = logs.get(1 - region);
        for (; heard[region] < others.size(); heard[region]++) {
            put(region, others.get(heard[region]));
        }
    }

    private void put(int region, Write write) {
        clocks[region] = Math.max(clocks[region], write.version.stamp);
        stores.get(region).merge(write.key, write.version, (old, fresh) -> fresh.stamp > old.stamp ? fresh : old);
    }

    private Edn key() {
        return Edn.of(random.nextBoolean() ? "x" : "y");
    }

    private void learn(int session, int region) {
        tokens[session][region] = Math.max(tokens[session][region], logs.get(region).size());
        tokens[session][1 - region] = Math.max(tokens[session][1 - region], heard[region]);
    }

    private Draft.Op read(int session, int region) {
        Edn key = key();
        Version seen = stores.get(region).getOrDefault(key, new Version(Edn.ABSENT, -1));
        learn(session, region);
        return new Draft.Op("read", Edn.vector(key, Edn.NIL), Edn.vector(key, seen.value), 0, 1, false, seen(session, key, seen));
    }

    private static Map<String, Edn> seen(int session, Edn key, Version seen) {
        Map<String, Edn> notes = new LinkedHashMap<>(Map.of("session", Edn.of(session)));
        if (seen.stamp >= 0) {
            notes.put("seen", Edn.vector(Edn.vector(key, seen.value, Edn.of(seen.stamp))));
        }
        return notes;
    }

    private Draft.Op write(int session, int region, int value) {
        Edn key = key();
        clocks[region] += random.nextInt(4);
        long stamp = 2 * (clocks[region] / 2 + 1) + region; // two regions never give the same
        boolean unknown = random.nextInt(100) < UNKNOWN_OF_100;
        if (!unknown || random.nextBoolean()) {
            Write write = new Write(key, new Version(Edn.of(value), stamp));
            logs.get(region).add(write);
            put(region, write);
        }
        Map<String, Edn> notes = new LinkedHashMap<>(Map.of("session", Edn.of(session)));
        if (!unknown) {
            learn(session, region);
            notes.put("hlc", Edn.of(stamp));
        }
        Edn pair = Edn.vector(key, Edn.of(value));
        return new Draft.Op("write", pair, pair, 0, unknown ? Draft.NEVER : 1, false, notes);
    }

    /** Gives each operation a time around its effect, so that operations of different sessions overlap. */
    private static Draft spread(Random random, List<Draft.Op> ops) {
        Set<Integer> taken = new HashSet<>();
        List<Draft.Op> placed = new ArrayList<>();
        for (int n = 0; n < ops.size(); n++) {
            Draft.Op op = ops.get(n);
            int effect = (n + 3) * TICKS;
            int before = placed.stream().filter(other -> sameSession(other, op)).mapToInt(other -> Math.max(other.begin(),
                    other.end() == Draft.NEVER ? 0 : other.end())).max().orElse(0);
            int after = next(ops, n);
            int begin = free(taken, Math.max(before + 1, effect - random.nextInt(2 * TICKS)), 1);
            int end = op.end() == Draft.NEVER ? op.end() : free(taken, Math.min(after - 1, effect + random.nextInt(2 * TICKS)), -1);
            placed.add(op.at(begin, end));
        }
        return new Draft(placed);
    }

    private static int next(List<Draft.Op> ops, int place) {
        for (int n = place + 1; n < ops.size(); n++) {
            if (sameSession(ops.get(n), ops.get(place))) {
                return (n + 3) * TICKS - TICKS / 2;
            }
        }
        return Integer.MAX_VALUE;
    }

    private static int free(Set<Integer> taken, int from, int direction) {
        int at = from;
        while (!taken.add(at)) {
            at += direction;
        }
        return at;
    }

    static boolean sameSession(Draft.Op one, Draft.Op other) {
        return one.notes().getOrDefault("session", Edn.NIL).equals(other.notes().getOrDefault("session", Edn.NIL));
    }

    /** A read shows another version of its key that was being written by then, or none. */
    static Draft mutant(Random random, Draft draft) {
        List<Draft.Op> reads = draft.ops().stream().filter(Draft.Op::isRead).toList();
        if (reads.isEmpty()) {
            return draft;
        }
        Draft.Op op = reads.get(random.nextInt(reads.size()));
        int place = draft.ops().indexOf(op);
        Edn key = op.told().items().get(0);
        List<Version> versions = new ArrayList<>(List.of(new Version(Edn.ABSENT, -1)));
        draft.ops().stream().filter(other -> other.notes().containsKey("hlc") && other.told().items().get(0).equals(key)
                && other.begin() < op.end())
                .forEach(other -> versions
                        .add(new Version(other.told().items().get(1), other.notes().getOrDefault("hlc", Edn.NIL).number())));
        Version other = versions.get(random.nextInt(versions.size()));
        int session = Math.toIntExact(op.notes().getOrDefault("session", Edn.NIL).number());
        return draft.with(place, new Draft.Op("read", op.asked(), Edn.vector(key, other.value), op.begin(), op.end(), false,
                seen(session, key, other)));
    }
}
