package io.aviladb.chaos.simulation;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run is made of. A seed draws all of it; a failing plan is made smaller part by part. Its text repeats it.
 *
 * @param events after which the cluster is healed
 * @param nodes in each region
 * @param clients of each kind
 */
record Plan(long seed, int events, int regions, int nodes, int clients, Set<Fault> faults) {
    /** What a draw means. Raised where the same seed would draw something else, which voids the fixed list. */
    static final int VERSION = 2;

    Plan {
        faults = faults.isEmpty() ? Set.of() : EnumSet.copyOf(faults);
        if (events < 0 || regions < 1 || nodes < 1 || clients < 1) {
            throw new IllegalArgumentException("a plan without a cluster, or without clients");
        }
    }

    static Plan of(long seed, int events) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        int[] sizes = {1, 2, 2, 2, 3};
        EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            if (random.nextBoolean()) {
                faults.add(fault);
            }
        }
        return new Plan(seed, events, sizes[random.nextInt(5)], 1 + random.nextInt(3), 1 + random.nextInt(2), faults);
    }

    /** Independent draws for one concern: what another one draws, or doesn't, changes nothing here. */
    Random random(String concern) {
        return new Random((seed * 31 + concern.hashCode()) * 0x9E3779B97F4A7C15L);
    }

    Plan withEvents(int next) {
        return new Plan(seed, next, regions, nodes, clients, faults);
    }

    Plan withRegions(int next) {
        return new Plan(seed, events, next, nodes, clients, faults);
    }

    Plan withNodes(int next) {
        return new Plan(seed, events, regions, next, clients, faults);
    }

    Plan withClients(int next) {
        return new Plan(seed, events, regions, nodes, next, faults);
    }

    Plan without(Fault fault) {
        EnumSet<Fault> rest = EnumSet.noneOf(Fault.class);
        rest.addAll(faults);
        rest.remove(fault);
        return new Plan(seed, events, regions, nodes, clients, rest);
    }

    String text() {
        return "v=" + VERSION + ",seed=" + seed + ",events=" + events + ",regions=" + regions + ",nodes=" + nodes + ",clients=" + clients
                + ",faults=" + faults.stream().map(Fault::name).collect(Collectors.joining("+"));
    }

    static Plan parse(String text) {
        Map<String, String> parts = new TreeMap<>();
        for (String part : text.strip().split(",", -1)) {
            int at = part.indexOf('=');
            if (at < 0) {
                throw new IllegalArgumentException("no plan: " + text);
            }
            parts.put(part.substring(0, at), part.substring(at + 1));
        }
        if (number(parts, "v") != VERSION) {
            throw new IllegalArgumentException("a plan of version " + number(parts, "v") + ", and draws are of version " + VERSION);
        }
        EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
        Arrays.stream(parts.getOrDefault("faults", "").split("\\+", -1)).filter(name -> !name.isEmpty()).map(Fault::valueOf)
                .forEach(faults::add);
        return new Plan(number(parts, "seed"), (int) number(parts, "events"), (int) number(parts, "regions"), (int) number(parts, "nodes"),
                (int) number(parts, "clients"), faults);
    }

    private static long number(Map<String, String> parts, String name) {
        String value = parts.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a plan without " + name);
        }
        return Long.parseLong(value);
    }
}
