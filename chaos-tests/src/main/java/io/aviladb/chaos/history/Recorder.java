package io.aviladb.chaos.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Writes down what clients do while they do it. Index and time are given under one lock, before a request is sent and after its answer came, so
 * that the history's order never claims more than real time did. Safe for use by many threads.
 */
public final class Recorder {
    private static final Edn NEMESIS = Edn.keyword("nemesis");
    private final ReentrantLock lock = new ReentrantLock();
    private final LongSupplier nanoTime;
    private final long startNanos;
    private final List<Event> events = new ArrayList<>();
    private long nextProcess;

    public Recorder() {
        this(System::nanoTime);
    }

    /** @param nanoTime a monotonic clock; a simulation brings its own */
    public Recorder(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    /** One client with at most one operation open. After an unknown outcome it goes on under a new process number. */
    public final class Client {
        private final Map<String, Edn> notes;
        private long process;
        private boolean open;
        private String f = "";
        private Edn asked = Edn.NIL;

        private Client(Map<String, Edn> notes) {
            this.notes = Map.copyOf(notes);
            this.process = freshProcess();
        }

        /** Call before the request is sent. */
        public void invoke(String function, Edn value) {
            if (open) {
                throw new IllegalStateException("process " + process + " has an operation open");
            }
            open = true;
            f = function;
            asked = value;
            add(Event.Type.INVOKE, Edn.of(process), function, value, notes);
        }

        /** Call after the answer came. */
        public void ok(Edn value, Map<String, Edn> answered) {
            complete(Event.Type.OK, value, answered);
        }

        /** It certainly was not applied and will not be. */
        public void fail(String error) {
            complete(Event.Type.FAIL, asked, Map.of("error", Edn.keyword(error)));
        }

        /** Nobody knows. The process is retired. */
        public void info(String error) {
            complete(Event.Type.INFO, asked, Map.of("error", Edn.of(error)));
            process = freshProcess();
        }

        private void complete(Event.Type type, Edn value, Map<String, Edn> answered) {
            if (!open) {
                throw new IllegalStateException("process " + process + " has nothing open");
            }
            open = false;
            add(type, Edn.of(process), f, value, answered);
        }
    }

    /** @param notes of every invocation: level, region, session */
    public Client client(Map<String, Edn> notes) {
        return new Client(notes);
    }

    /** A fault, with what proves that it took effect. */
    public void nemesis(String f, Edn value) {
        add(Event.Type.INFO, NEMESIS, f, value, Map.of());
    }

    /** What was recorded so far. Operations still open have an unknown outcome. */
    public History history() {
        lock.lock();
        try {
            return new History(events);
        } finally {
            lock.unlock();
        }
    }

    private long freshProcess() {
        lock.lock();
        try {
            return nextProcess++;
        } finally {
            lock.unlock();
        }
    }

    private void add(Event.Type type, Edn process, String f, Edn value, Map<String, Edn> notes) {
        lock.lock();
        try {
            events.add(new Event(events.size(), type, process, f, value, nanoTime.getAsLong() - startNanos, notes));
        } finally {
            lock.unlock();
        }
    }
}
