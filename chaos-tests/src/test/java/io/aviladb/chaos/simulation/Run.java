package io.aviladb.chaos.simulation;

import io.aviladb.chaos.checker.Checkers;
import io.aviladb.chaos.checker.Verdict;
import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.Operation;
import io.aviladb.chaos.history.Recorder;
import io.aviladb.core.version.VersionVector;
import io.aviladb.node.range.RangeMachine;
import io.aviladb.storage.engine.SharedEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** One plan, from the first start to the verdicts. */
final class Run {
    private static final long START_NANOS = 30_000_000_000L;
    private static final long HEAL_NANOS = 60_000_000_000L;

    /** What a run without a violation did. */
    record Result(long digest, long events, long operations, long acknowledged, Map<Fault, Integer> faults) {}

    private final Plan plan;
    private final Cluster cluster;
    private final Recorder registers;
    private final Recorder sessions;
    private final Recorder counters;
    private final List<Client> clients = new ArrayList<>();
    private final CounterClient anyCounter;

    private Run(Plan plan, Cluster cluster) {
        this.plan = plan;
        this.cluster = cluster;
        this.registers = new Recorder(cluster.agenda::nanos);
        this.sessions = new Recorder(cluster.agenda::nanos);
        this.counters = new Recorder(cluster.agenda::nanos);
        long[] registerValues = new long[1];
        long[] sessionValues = new long[1];
        TreeSet<String> ids = new TreeSet<>();
        for (int n = 0; n < plan.clients(); n++) {
            clients.add(new RegisterClient(cluster, registers.client(Map.of("level", Edn.keyword("strong"))), random("register", n),
                    registerValues));
            clients.add(new SessionClient(cluster, sessions, n, random("session", n), sessionValues, ids));
        }
        anyCounter = new CounterClient(cluster, counters, 0, random("counter", 0));
        clients.add(anyCounter);
    }

    private Random random(String kind, int number) {
        return plan.random(kind + " " + number);
    }

    /** @throws InvariantViolation where something that must hold doesn't */
    static Result of(Plan plan, Path directory, SharedEngine engine) {
        try (Cluster cluster = new Cluster(plan, directory, engine)) {
            try {
                return new Run(plan, cluster).run();
            } catch (RuntimeException | Error e) {
                InvariantViolation violation = e instanceof InvariantViolation known
                        ? known
                        : new InvariantViolation("NothingUnexpectedIsThrown", e.toString());
                if (violation != e) {
                    violation.initCause(e);
                }
                violation.setLast(cluster.trace.last());
                throw violation;
            }
        }
    }

    private Result run() {
        boolean[] created = new boolean[1];
        until("TheClusterStarts", START_NANOS, () -> cluster.layout.regions().stream()
                .allMatch(region -> cluster.leading(region).filter(machine -> !machine.ranges().isEmpty()).isPresent()));
        CounterClient.create(cluster, anyCounter, () -> created[0] = true);
        until("TheClusterStarts", START_NANOS, () -> created[0]);
        VersionVector begun = cluster.written();
        until("TheClusterStarts", START_NANOS, () -> cluster.hasEverywhere(begun));
        Nemesis nemesis = new Nemesis(plan, cluster);
        clients.forEach(Client::begin);
        long first = cluster.agenda.events();
        while (cluster.agenda.events() - first < plan.events()) {
            step();
        }
        clients.forEach(Client::stop);
        nemesis.heal();
        until("EveryOperationIsAnswered", HEAL_NANOS, () -> clients.stream().noneMatch(Client::isBusy));
        VersionVector written = cluster.written();
        until("RegionsCatchUpAfterHeal", HEAL_NANOS, () -> cluster.hasEverywhere(written));
        until("EveryRangeOperationEnds", HEAL_NANOS, cluster::mapsAreSettled);
        last();
        until("ReplicasCatchUpAfterHeal", HEAL_NANOS, cluster::allApplied);
        replicasAreEqual();
        long operations = judge("register", registers.history(), "refusals")
                + judge("session", sessions.history(), "sessions:causal", "lww")
                + judge("counter", counters.history(), "pn-counter");
        long acknowledged = List.of(registers, sessions, counters).stream()
                .mapToLong(recorder -> recorder.history().operations().stream().filter(Operation::ok).count()).sum();
        return new Result(cluster.trace.digest(), cluster.agenda.events(), operations, acknowledged, new EnumMap<>(nemesis.played()));
    }

    private void step() {
        cluster.agenda.step();
        cluster.throwSurprise();
    }

    private void until(String invariant, long atMostNanos, BooleanSupplier condition) {
        long end = cluster.agenda.nanos() + atMostNanos;
        while (!condition.getAsBoolean()) {
            for (int i = 0; i < 20; i++) {
                step();
            }
            Invariants.holds(cluster.agenda.nanos() < end, invariant, () -> "not within " + atMostNanos / 1_000_000_000 + " s: written "
                    + cluster.written());
        }
    }

    private void last() {
        int[] open = {0};
        Client session = clients.stream().filter(SessionClient.class::isInstance).findFirst().orElseThrow();
        for (Client client : List.of(session, anyCounter)) {
            open[0]++;
            client.last(() -> open[0]--);
        }
        until("EveryOperationIsAnswered", HEAL_NANOS, () -> open[0] == 0);
    }

    private void replicasAreEqual() {
        for (SimulatedLog log : cluster.logs()) {
            List<RangeMachine> machines = log.replicas().stream().map(SimulatedReplica::state).filter(RangeMachine.class::isInstance)
                    .map(RangeMachine.class::cast).toList();
            List<byte[]> hashes = machines.stream().map(machine -> hash(machine)).toList();
            for (byte[] hash : hashes) {
                Invariants.holds(Arrays.equals(hash, hashes.getFirst()), "ReplicasAreEqualAtEqualIndex",
                        () -> "group " + log.descriptor().number() + " at " + log.committed());
                cluster.trace.bytes(hash);
            }
        }
    }

    private static byte[] hash(RangeMachine machine) {
        var store = machine.storeOrNull();
        return store == null ? new byte[0] : store.stateHash(Cluster.ALL);
    }

    /** @return how many operations were judged */
    private static long judge(String name, History history, String... checkers) {
        for (String checker : checkers) {
            switch (Checkers.of(checker).check(history)) {
                case Verdict.Valid valid -> {
                    // As it must be.
                }
                case Verdict.Violated violated -> throw new InvariantViolation(name + " is " + checker, violated.describe());
                case Verdict.Undecided undecided -> throw new InvariantViolation(name + " is decided by " + checker, undecided.why());
            }
        }
        return history.operations().size();
    }
}
