package io.aviladb.chaos.checker;

import io.aviladb.chaos.checker.cycle.Cycles;
import io.aviladb.chaos.checker.cycle.Level;
import io.aviladb.chaos.checker.session.Guarantee;
import io.aviladb.chaos.checker.session.Sessions;
import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Event;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Checkers by name, as histories and the command line call them: {@code name} or {@code name:argument}. A history may say how it wants to be judged:
 * an event {@code {:process :lab, :f :judge, :value ["lww" "sessions"], …}}.
 */
public final class Checkers {
    /** Names with what they judge, for people. */
    public static final String HELP = """
            register, refusals   linearizable read, write, cas; refused cas are evidence too
            staleness:MS         registers whose reads may be so old     lagging:N   N versions old
            zones                registers of unique values, without search
            list, counter-linear, elements, lock                         linearizable
            cycles:LEVEL         transactions (append, r, w): read-uncommitted, read-committed, read-atomic, snapshot-isolation,
                                 serializable, strict-serializable; strong-session-… and strong-…
            key-cycles:LEVEL     the same, each key by itself
            sessions:GUARANTEE   read-your-writes, monotonic-reads, monotonic-writes, writes-follow-reads, causal (all)
            converge, lww        last reads equal; the highest stamp won
            set, set-strong      elements that are only added            add-wins    elements that are removed too
            counter, pn-counter  sums, strong and eventual               bank:TOTAL  balances
            prefix, log, queue, ids, ids-ascending""";

    private Checkers() {
    }

    /** @throws IllegalArgumentException if there is none of this name */
    public static Checker of(String name) {
        int colon = name.indexOf(':');
        String argument = colon < 0 ? "" : name.substring(colon + 1);
        return switch (colon < 0 ? name : name.substring(0, colon)) {
            case "register" -> new Linearizability<>(new Models.Register(false));
            case "refusals" -> new Linearizability<>(new Models.Register(true));
            case "staleness" -> new Linearizability<>(new Models.Register(false), Duration.ofMillis(number(name, argument)));
            case "lagging" -> new Linearizability<>(new Models.LaggingRegister(Math.toIntExact(number(name, argument))));
            case "zones" -> new Zones();
            case "list" -> new Linearizability<>(new Models.Appended());
            case "counter-linear" -> new Linearizability<>(new Models.Counter());
            case "elements" -> new Linearizability<>(new Models.Elements());
            case "lock" -> new Linearizability<>(new Models.Lock());
            case "cycles" -> new Cycles(Level.of(argument), false);
            case "key-cycles" -> new Cycles(Level.of(argument), true);
            case "sessions" -> new Sessions(Guarantee.of(argument.isEmpty() ? "causal" : argument));
            case "converge" -> new Convergence(Convergence.Rule.ANY);
            case "lww" -> new Convergence(Convergence.Rule.LAST_WRITER);
            case "set" -> new SetFull(false);
            case "set-strong" -> new SetFull(true);
            case "add-wins" -> new AddWins();
            case "counter" -> new Counters(true);
            case "pn-counter" -> new Counters(false);
            case "bank" -> new Bank(Set.of(), number(name, argument));
            case "prefix" -> new Prefix();
            case "log" -> new Logs();
            case "queue" -> new Queues();
            case "ids" -> new UniqueIds(false);
            case "ids-ascending" -> new UniqueIds(true);
            default -> throw new IllegalArgumentException("no checker is called " + name);
        };
    }

    private static long number(String name, String argument) {
        try {
            return Long.parseLong(argument);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": a number is missing behind the colon", e);
        }
    }

    /**
     * How a history is judged when nobody says: as it asks itself, else by what its clients do.
     *
     * @throws MalformedHistoryException if that doesn't tell
     */
    public static List<String> of(History history) {
        List<String> asked = new ArrayList<>();
        for (Event event : history.faults()) {
            if (event.f().equals("judge")) {
                event.value().items().forEach(name -> asked.add(name instanceof Edn.Text(String text) ? text : name.text()));
            }
        }
        return asked.isEmpty() ? List.of(guess(history)) : asked;
    }

    private static String guess(History history) {
        Set<String> functions = history.operations().stream().map(Operation::f).collect(Collectors.toCollection(TreeSet::new));
        boolean keyed = history.operations().stream().filter(operation -> !operation.isRead())
                .allMatch(operation -> operation.invocation().value() instanceof Edn.Vector);
        if (functions.equals(Set.of("txn"))) {
            return "cycles:strict-serializable";
        }
        if (Set.of("read", "write", "cas").containsAll(functions) && keyed) {
            return "register";
        }
        if (Set.of("read", "append").containsAll(functions)) {
            return "list";
        }
        if (Set.of("acquire", "release").containsAll(functions)) {
            return "lock";
        }
        if (Set.of("send", "poll", "assign").containsAll(functions)) {
            return "log";
        }
        if (Set.of("enqueue", "dequeue").containsAll(functions)) {
            return "queue";
        }
        if (functions.equals(Set.of("generate"))) {
            return "ids";
        }
        throw new MalformedHistoryException("it doesn't tell how it is to be judged (" + functions + "): name a checker");
    }
}
