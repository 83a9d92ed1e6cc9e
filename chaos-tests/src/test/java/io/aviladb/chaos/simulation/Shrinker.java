package io.aviladb.chaos.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a failing plan smaller while it fails: fewer faults, nodes, regions and clients, and as few events as will do. */
final class Shrinker {
    /** Runs that are spent on it, at most. */
    private static final int BUDGET = 60;

    private final Predicate<Plan> fails;
    private int spent;

    /** @param fails whether the plan still breaks the same invariant */
    Shrinker(Predicate<Plan> fails) {
        this.fails = fails;
    }

    /** @param plan that fails */
    Plan shrink(Plan plan) {
        Plan smallest = plan;
        boolean smaller = true;
        while (smaller && spent < BUDGET) {
            smaller = false;
            for (Plan next : smaller(smallest)) {
                if (spent++ < BUDGET && fails.test(next)) {
                    smallest = next;
                    smaller = true;
                    break;
                }
            }
        }
        return smallest;
    }

    /** The boldest first. */
    private static List<Plan> smaller(Plan plan) {
        List<Plan> plans = new ArrayList<>();
        if (plan.events() > 10) {
            plans.add(plan.withEvents(plan.events() / 2));
        }
        if (plan.regions() > 1) {
            plans.add(plan.withRegions(plan.regions() - 1));
        }
        if (plan.nodes() > 1) {
            plans.add(plan.withNodes(plan.nodes() - 1));
        }
        plan.faults().forEach(fault -> plans.add(plan.without(fault)));
        if (plan.clients() > 1) {
            plans.add(plan.withClients(plan.clients() - 1));
        }
        if (plan.events() > 10) {
            plans.add(plan.withEvents(plan.events() * 4 / 5));
        }
        return plans;
    }
}
