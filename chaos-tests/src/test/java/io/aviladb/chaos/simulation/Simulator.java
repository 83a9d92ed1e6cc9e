package io.aviladb.chaos.simulation;

import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs plans one after another, and makes failing ones small. As a program it prints the digests of seeds, for comparing two processes. */
final class Simulator implements AutoCloseable {
    private final SharedEngine engine = SharedEngine.create(new EngineOptions(4 << 20, 16 << 20, 2, 0));
    private final Path directory;
    private int runs;

    Simulator(Path directory) {
        this.directory = directory;
    }

    /** @throws InvariantViolation where something that must hold doesn't */
    Run.Result run(Plan plan) {
        Path where = directory.resolve("run" + runs++);
        try {
            return Run.of(plan, where, engine);
        } finally {
            delete(where);
        }
    }

    /** As {@link #run}; what fails is shrunk first, and told with all that repeats it. */
    Run.Result runOrExplain(Plan plan) {
        try {
            return run(plan);
        } catch (InvariantViolation violation) {
            Plan small = Boolean.parseBoolean(System.getProperty("avila.shrink", "true")) ? smallest(plan, violation) : plan;
            InvariantViolation told = violationOf(small).orElse(violation);
            throw new AssertionError("seed " + plan.seed() + " breaks " + violation.name() + "\nsmallest plan: " + small.text()
                    + "\nrepeat it: mvn -pl chaos-tests -am test -Dtest=ClusterSimulation#plansThatOnceFailedHold -Dsurefire.failIfNoSpecifiedTests=false '-Davila.plan="
                    + small.text() + "'\nkeep it: add that plan to chaos-tests/src/test/resources/simulation/plans.txt\n"
                    + told.getMessage() + "\nwhat happened last:\n  " + String.join("\n  ", told.last()), told);
        }
    }

    private Plan smallest(Plan plan, InvariantViolation violation) {
        return new Shrinker(smaller -> violationOf(smaller).filter(found -> found.name().equals(violation.name())).isPresent())
                .shrink(plan);
    }

    private Optional<InvariantViolation> violationOf(Plan plan) {
        try {
            run(plan);
            return Optional.empty();
        } catch (InvariantViolation violation) {
            return Optional.of(violation);
        }
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        engine.close();
    }

    static String line(Plan plan, Run.Result result) {
        return plan.text() + " " + Long.toHexString(result.digest()) + " events=" + result.events();
    }

    /** Prints a line for each seed: what it is, and the digest of all that happened. @param arguments directory, first seed, number of seeds, events */
    public static void main(String[] arguments) {
        long first = Long.parseLong(arguments[1]);
        try (Simulator simulator = new Simulator(Path.of(arguments[0]))) {
            for (long seed = first; seed < first + Long.parseLong(arguments[2]); seed++) {
                Plan plan = Plan.of(seed, Integer.parseInt(arguments[3]));
                System.out.println(line(plan, simulator.run(plan)));
            }
        }
    }
}
