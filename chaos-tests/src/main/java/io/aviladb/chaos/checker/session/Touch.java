package io.aviladb.chaos.checker.session;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an operation did with a key.
 *
 * @param value read or written; a whole list where {@code append} is used on the key; {@link Edn#ABSENT} where there was nothing
 * @param hlc the database's stamp, where the history has it
 */
record Touch(Kind kind, Edn key, Edn value, Optional<Long> hlc) {
    /** What is done. */
    enum Kind {
        READ, WRITE, APPEND, DELETE
    }

    private static final Set<String> WRITES = Set.of("write", "insert", "delete", "cas");

    boolean isRead() {
        return kind == Kind.READ;
    }

    static List<Touch> of(Operation operation) {
        if (operation.f().equals("txn")) {
            return operation.value().items().stream().map(step -> step(step, operation)).toList();
        }
        if (operation.isRead()) {
            return read(operation);
        }
        if (!WRITES.contains(operation.f())) {
            throw new MalformedHistoryException("neither a read nor a write of a key: " + operation.describe());
        }
        List<Edn> pair = pair(operation);
        Edn value = operation.f().equals("cas") ? pair.getLast().items().getLast() : pair.getLast();
        return List.of(new Touch(operation.f().equals("delete") ? Kind.DELETE : Kind.WRITE, pair.getFirst(), value, operation.hlc()));
    }

    private static List<Touch> read(Operation operation) {
        if (!operation.seen().isEmpty()) {
            return operation.seen().stream().map(seen -> seen(Kind.READ, seen)).toList();
        }
        List<Edn> pair = pair(operation);
        return List.of(new Touch(Kind.READ, pair.getFirst(), absent(pair.getLast()), Optional.empty()));
    }

    private static Touch seen(Kind kind, Edn seen) {
        List<Edn> parts = seen.items();
        Optional<Long> hlc = parts.get(2).equals(Edn.NIL) ? Optional.empty() : Optional.of(parts.get(2).number());
        return new Touch(kind, parts.get(0), absent(parts.get(1)), hlc);
    }

    private static Touch step(Edn step, Operation operation) {
        List<Edn> parts = new ArrayList<>(step.items());
        if (parts.size() != 3 || !(parts.getFirst() instanceof Edn.Keyword(String name))) {
            throw new MalformedHistoryException("a step is [:r|:w|:append key value]: " + operation.describe());
        }
        Kind kind = switch (name) {
            case "r" -> Kind.READ;
            case "w" -> Kind.WRITE;
            case "append" -> Kind.APPEND;
            default -> throw new MalformedHistoryException("unknown step :" + name + ": " + operation.describe());
        };
        Optional<Long> hlc = kind == Kind.READ ? stampOf(operation, parts) : operation.hlc();
        return new Touch(kind, parts.get(1), absent(parts.get(2)), hlc);
    }

    private static Optional<Long> stampOf(Operation operation, List<Edn> read) {
        return operation.seen().stream().map(seen -> seen(Kind.READ, seen))
                .filter(seen -> seen.key.equals(read.get(1)) && seen.value.equals(read.get(2))).findFirst().flatMap(Touch::hlc);
    }

    private static List<Edn> pair(Operation operation) {
        if (operation.value() instanceof Edn.Vector(List<Edn> pair) && pair.size() == 2) {
            return pair;
        }
        throw new MalformedHistoryException("no key and value: " + operation.describe());
    }

    private static Edn absent(Edn value) {
        return value.equals(Edn.NIL) ? Edn.ABSENT : value;
    }
}
