package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Event;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether every key behaves as if its operations came one at a time, each between its invocation and its answer.
 *
 * @param <S> state of the model
 * @param budget steps of the model for one key; past it the key is undecided
 * @param staleness how old a read's answer may be when it is invoked: as if it had been invoked so much earlier. Sessions are judged elsewhere.
 */
public record Linearizability<S>(Model<S> model, int budget, Duration staleness) implements Checker {
    /** Steps that take about a second. */
    public static final int BUDGET = 1_000_000;

    /** Judges with the usual budget. */
    public Linearizability(Model<S> model) {
        this(model, BUDGET, Duration.ZERO);
    }

    /** Judges bounded staleness with the usual budget. */
    public Linearizability(Model<S> model, Duration staleness) {
        this(model, BUDGET, staleness);
    }

    /** @throws MalformedHistoryException if the history is of another workload, or a read answers {@code nil} */
    @Override
    public Verdict check(History history) {
        List<Operation> all = history.operations();
        Map<Edn, List<Operation>> keys = new LinkedHashMap<>();
        for (Operation operation : all) {
            keys.computeIfAbsent(key(operation), key -> new ArrayList<>()).add(operation);
        }
        if (all.stream().noneMatch(Operation::ok)) {
            return new Verdict.Undecided("nothing was acknowledged");
        }
        List<Edn> undecided = new ArrayList<>();
        for (Map.Entry<Edn, List<Operation>> key : keys.entrySet()) {
            List<Operation> telling = key.getValue().stream().filter(this::tells).map(operation -> aged(operation, history)).toList();
            switch (Search.run(model, telling, budget)) {
                case FOUND -> {
                }
                case BUDGET -> undecided.add(key.getKey());
                case NONE -> {
                    return new Verdict.Violated("key " + key.getKey().text() + " isn't linearizable", shrunk(telling));
                }
            }
        }
        return undecided.isEmpty() ? new Verdict.Valid() : new Verdict.Undecided("budget used up on keys " + undecided);
    }

    private Edn key(Operation operation) {
        if (!model.functions().contains(operation.f())
                || !(operation.value() instanceof Edn.Vector(List<Edn> pair)) || pair.size() != 2) {
            throw new MalformedHistoryException("not for this model: " + operation.describe());
        }
        if (operation.ok() && pair.getLast().equals(Edn.NIL)) {
            throw new MalformedHistoryException("nil where a value is due (a missing document is :absent): " + operation.describe());
        }
        return pair.getFirst();
    }

    /** A read as if invoked earlier: behind the last event that lies further back than the bound. */
    private Operation aged(Operation operation, History history) {
        if (staleness.isZero() || !operation.isRead()) {
            return operation;
        }
        long earliest = operation.invocation().timeNanos() - staleness.toNanos();
        long index = -1;
        for (Event event : history.events()) {
            if (event.timeNanos() >= earliest) {
                break;
            }
            index = event.index();
        }
        Event asked = operation.invocation();
        return new Operation(new Event(index, asked.type(), asked.process(), asked.f(), asked.value(), asked.timeNanos(), asked.notes()),
                operation.completion());
    }

    /** Reads without answer and refusals prove nothing, unless the model says so. */
    private boolean tells(Operation operation) {
        return switch (operation.outcome()) {
            case OK -> true;
            case UNKNOWN -> !operation.isRead();
            case FAILED -> model.isEvidence(operation);
        };
    }

    /**
     * The operations without one of which there would be no violation. A read is left out, a write is only made unknown: without it, whoever read
     * it would look guilty.
     */
    private List<Operation> shrunk(List<Operation> violating) {
        List<Operation> kept = new ArrayList<>(violating);
        for (Operation operation : violating.reversed()) {
            List<Operation> fewer = new ArrayList<>(kept);
            if (operation.isRead() || !operation.possible()) {
                fewer.remove(operation);
            } else {
                fewer.set(fewer.indexOf(operation), operation.forgotten());
            }
            if (Search.run(model, fewer, budget) == Search.Outcome.NONE) {
                kept = fewer;
            }
        }
        return kept.stream().filter(operation -> operation.ended() != Operation.NEVER).toList();
    }
}
