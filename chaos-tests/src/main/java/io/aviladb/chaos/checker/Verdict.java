package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Operation;
import java.util.List;
import java.util.stream.Collectors;

/** What a checker concludes. */
public sealed interface Verdict {
    /** The history is allowed. */
    record Valid() implements Verdict {}

    /** The history is not allowed, and neither are the operations named here alone. */
    record Violated(String why, List<Operation> offending) implements Verdict {
        public Violated {
            offending = List.copyOf(offending);
        }

        /** In words, one operation a line. */
        public String describe() {
            return why + offending.stream().map(operation -> "\n  " + operation.describe()).collect(Collectors.joining());
        }
    }

    /** Neither was shown. It counts against the database. */
    record Undecided(String why) implements Verdict {}
}
