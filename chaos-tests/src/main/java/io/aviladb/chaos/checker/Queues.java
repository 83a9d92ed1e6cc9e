package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A queue that is drained at the end: what goes in comes out, once; nothing else does. In any order: {@link Linearizability} judges order. */
public record Queues() implements Checker {
    private static final Set<String> FUNCTIONS = Set.of("enqueue", "dequeue");

    /** @throws MalformedHistoryException if there is anything but enqueue and dequeue */
    @Override
    public Verdict check(History history) {
        Map<Edn, Operation> in = new HashMap<>();
        Map<Edn, Operation> out = new HashMap<>();
        int takenUnseen = 0;
        List<Operation> all = history.operations();
        for (Operation operation : all) {
            boolean takes = operation.f().equals("dequeue");
            if (!FUNCTIONS.contains(operation.f()) || !takes && in.put(operation.value(), operation) != null) {
                throw new MalformedHistoryException("neither a dequeue nor the first enqueue of a value: " + operation.describe());
            }
            if (takes && operation.outcome() == Operation.Outcome.UNKNOWN) {
                takenUnseen++;
            } else if (takes && operation.ok()) {
                Operation before = out.put(operation.value(), operation);
                if (before != null) {
                    return new Verdict.Violated(operation.value().text() + " came out twice", List.of(before, operation));
                }
            }
        }
        if (all.stream().noneMatch(Operation::ok)) {
            return new Verdict.Undecided("nothing was acknowledged");
        }
        for (Operation taken : out.values()) {
            Operation put = in.get(taken.value());
            if (put == null || !put.possible() || put.began() > taken.ended()) {
                return new Verdict.Violated(taken.value().text() + " came out and was never put in", List.of(taken));
            }
        }
        List<Operation> lost = in.values().stream().filter(put -> put.ok() && !out.containsKey(put.value())).toList();
        return lost.size() > takenUnseen // each dequeue of unknown outcome may have taken one
                ? new Verdict.Violated("these never came out", lost)
                : new Verdict.Valid();
    }
}
