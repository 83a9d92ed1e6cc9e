package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.chaos.checker.Checkers;
import io.aviladb.chaos.checker.Verdict;
import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.Operation;
import io.aviladb.chaos.history.Recorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Clients that do one thing after another, each in a thread of its own, until they are told to stop; and what they recorded. */
abstract class Workload implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(15);
    private static final Duration LONGEST_JOIN = Duration.ofSeconds(30);

    /** A client. Used by one thread. */
    interface Client {
        /** One operation, recorded. */
        void step();
    }

    final List<CollectionRest> regions;
    final Recorder recorder = new Recorder();
    private final String name;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();

    /** @param regions the workload's collection through each region's router */
    Workload(String name, List<CollectionRest> regions) {
        this.name = name;
        this.regions = List.copyOf(regions);
    }

    /** The names of the checkers that judge it. */
    abstract List<String> checkers();

    /** @param random of this client alone */
    abstract Client client(int number, Random random);

    /** Reads at the end, after everything is healed. */
    abstract void last();

    final void start(int clients, Random random) {
        for (int n = 0; n < clients; n++) {
            Client client = client(n, new Random(random.nextLong()));
            threads.add(Thread.ofPlatform().daemon().name(name + "-" + n).start(() -> run(client)));
        }
    }

    private void run(Client client) {
        try {
            while (!stopping.get()) {
                client.step();
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } catch (RuntimeException | Error e) {
            surprises.add(e);
        }
    }

    /** A fault, for the history. */
    final void nemesis(String f, Edn value) {
        recorder.nemesis(f, value);
    }

    final void stop() {
        stopping.set(true);
        for (Thread thread : threads) {
            try {
                assertThat(thread.join(LONGEST_JOIN)).as("%s ends", thread.getName()).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        assertThat(surprises).as("clients of %s that ended early", name).isEmpty();
    }

    /** How many operations were acknowledged so far. */
    final long acknowledged() {
        return recorder.history().operations().stream().filter(Operation::ok).count();
    }

    /**
     * Writes the history beside the test's other files and judges it.
     *
     * @return what was done and how it was judged, in a line
     */
    final String judge(Path folder) {
        History history = recorder.history();
        Path file = folder.resolve(name + ".edn");
        try {
            history.write(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String checker : checkers()) {
            Verdict verdict = Checkers.of(checker).check(history);
            String found = verdict instanceof Verdict.Violated violated ? violated.describe() : verdict.toString();
            assertThat(verdict).as("%s by %s: %s", file, checker, found).isInstanceOf(Verdict.Valid.class);
        }
        List<Operation> all = history.operations();
        return name + ": " + all.size() + " operations, " + all.stream().filter(Operation::ok).count() + " acknowledged, "
                + all.stream().filter(operation -> !operation.possible()).count() + " refused, the rest unknown; valid by " + checkers();
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() {
        stopping.set(true);
    }
}
