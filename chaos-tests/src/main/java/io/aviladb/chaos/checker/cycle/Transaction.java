package io.aviladb.chaos.checker.cycle;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.util.List;

/**
 * A transaction of a history.
 *
 * @param id its place among all
 */
record Transaction(int id, Operation operation, List<Step> steps) {
    /** What a step does. */
    enum Kind {
        READ, WRITE, APPEND
    }

    /** @param value of a read: {@link Edn#ABSENT} where there was nothing */
    record Step(Kind kind, Edn key, Edn value) {}

    Transaction {
        steps = List.copyOf(steps);
    }

    static Transaction of(int id, Operation operation) {
        if (!operation.f().equals("txn")) {
            throw new MalformedHistoryException("no transaction: " + operation.describe());
        }
        return new Transaction(id, operation, operation.value().items().stream().map(step -> step(step, operation)).toList());
    }

    private static Step step(Edn step, Operation operation) {
        List<Edn> parts = step.items();
        if (parts.size() != 3 || !(parts.get(0) instanceof Edn.Keyword(String name))) {
            throw new MalformedHistoryException("a step is [:r|:w|:append key value]: " + operation.describe());
        }
        Edn value = parts.get(2).equals(Edn.NIL) ? Edn.ABSENT : parts.get(2);
        return switch (name) {
            case "r" -> new Step(Kind.READ, parts.get(1), value);
            case "w" -> new Step(Kind.WRITE, parts.get(1), value);
            case "append" -> new Step(Kind.APPEND, parts.get(1), value);
            default -> throw new MalformedHistoryException("unknown step :" + name + ": " + operation.describe());
        };
    }

    /** Its reads, if there was an answer. */
    List<Step> reads() {
        return operation.ok() ? steps.stream().filter(step -> step.kind == Kind.READ).toList() : List.of();
    }

    List<Step> writes() {
        return steps.stream().filter(step -> step.kind != Kind.READ).toList();
    }

    /** Whether it left this value: no later step of it replaced it, or appended to it. */
    boolean leaves(Edn key, Edn value) {
        return writes().stream().filter(step -> step.key.equals(key)).reduce((first, second) -> second)
                .filter(last -> last.value.equals(value)).isPresent();
    }
}
