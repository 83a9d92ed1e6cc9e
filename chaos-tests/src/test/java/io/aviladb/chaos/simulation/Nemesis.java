package io.aviladb.chaos.simulation;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Plays the plan's faults, each at its own times, until the cluster is healed. */
final class Nemesis {
    private final Plan plan;
    private final Cluster cluster;
    private final Map<Fault, Integer> played = new EnumMap<>(Fault.class);
    private boolean over;

    Nemesis(Plan plan, Cluster cluster) {
        this.plan = plan;
        this.cluster = cluster;
        for (Fault fault : Fault.values()) {
            if (plan.faults().contains(fault)) {
                later(fault, plan.random("fault " + fault));
            }
        }
    }

    /** How often each fault took effect. */
    Map<Fault, Integer> played() {
        return played;
    }

    private void later(Fault fault, Random random) {
        cluster.agenda.after((20 + random.nextInt(600)) * 1_000_000L, () -> {
            if (!over) {
                play(fault, random);
                later(fault, random);
            }
        });
    }

    private void effect(Fault fault, String what) {
        cluster.trace.happened(fault + " " + what);
        played.merge(fault, 1, Integer::sum);
    }

    private static <T> T any(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private void after(Random random, int fromMillis, int toMillis, Runnable task) {
        cluster.agenda.after((fromMillis + random.nextInt(toMillis - fromMillis)) * 1_000_000L, () -> {
            if (!over) {
                task.run();
            }
        });
    }

    private void play(Fault fault, Random random) {
        NodeId node = any(random, cluster.nodes());
        switch (fault) {
            case CRASH, INSTALL -> crash(fault, node, random);
            case CUT, ONE_WAY -> cut(fault, node, random);
            case LOSS -> {
                effect(fault, "");
                cluster.network.lossy(true);
                after(random, 100, 600, () -> cluster.network.lossy(false));
            }
            case CLOCK -> {
                long millis = random.nextInt(4) == 0 ? random.nextInt(4_000) - 2_000 : random.nextInt(200) - 100;
                effect(fault, node + " by " + millis + " ms");
                cluster.clock(node).jump(millis);
            }
            case ELECTION -> {
                SimulatedLog log = any(random, cluster.logs());
                if (log.elect(true)) {
                    effect(fault, "in group " + log.descriptor().number());
                }
            }
            case SLOW -> cluster.logs().forEach(log -> {
                SimulatedReplica replica = log.replica(node);
                if (replica != null) {
                    effect(fault, node + "");
                    replica.slow(500_000_000);
                }
            });
            case RANGES -> ranges(random);
        }
    }

    private void crash(Fault fault, NodeId node, Random random) {
        if (!cluster.isUp(node)) {
            return;
        }
        if (random.nextBoolean()) {
            cluster.keep(node);
        }
        after(random, 1, 300, () -> {
            effect(fault, "" + node);
            cluster.crash(node);
            after(random, 10, 900, () -> {
                if (!cluster.isUp(node)) {
                    cluster.start(node, fault == Fault.INSTALL);
                }
            });
        });
    }

    /** A node, or a region with its router, against some of the others. */
    private void cut(Fault fault, NodeId node, Random random) {
        boolean whole = random.nextBoolean();
        List<String> all = new ArrayList<>();
        cluster.nodes().forEach(one -> all.add(one.toString()));
        cluster.edges.forEach(edge -> all.add(Edge.name(edge.region())));
        all.add(Edge.name(cluster.second.region()) + "2");
        List<String> inside = all.stream().filter(name -> whole ? name.startsWith(node.region().name()) : name.equals(node.toString()))
                .toList();
        List<String> outside = all.stream().filter(name -> !inside.contains(name) && (whole || random.nextInt(3) > 0)).toList();
        if (outside.isEmpty()) {
            return;
        }
        effect(fault, inside + " from " + outside);
        boolean outwards = random.nextBoolean();
        for (String in : inside) {
            for (String out : outside) {
                if (fault == Fault.CUT || outwards) {
                    cluster.network.block(in, out);
                }
                if (fault == Fault.CUT || !outwards) {
                    cluster.network.block(out, in);
                }
            }
        }
        after(random, 100, 1_500, cluster.network::healAll);
    }

    private void ranges(Random random) {
        Edge edge = any(random, cluster.edges);
        DocumentKey at = Documents.key(any(random, Documents.BOUNDS));
        boolean splits = random.nextInt(5) < 3;
        var asked = splits
                ? edge.ranges().split(edge.region(), Cluster.COLLECTION.id(), at.bytes(), edge.in(Duration.ofSeconds(2)))
                : edge.ranges().merge(edge.region(), Cluster.COLLECTION.id(), at.bytes(), edge.in(Duration.ofSeconds(2)));
        asked.whenComplete((begun, failure) -> {
            if (failure == null) {
                effect(Fault.RANGES, (splits ? "split " : "merge ") + edge.region());
            }
        });
    }

    /** Nothing is wrong any more. */
    void heal() {
        over = true;
        cluster.network.healAll();
        for (NodeId node : cluster.nodes()) {
            if (!cluster.isUp(node)) {
                cluster.start(node, false);
            }
        }
    }
}
