package io.aviladb.crdt.schema;

import io.aviladb.core.document.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A schema or one inside it: rules, all of which hold for a value that it accepts. Filled while it is compiled, then never changed. */
final class SchemaNode {
    /** One keyword, or several that belong together. */
    interface Rule {
        /** @param evaluated of the value so far; null where nobody asks. A rule that fails has said so to the run */
        boolean holds(JsonValue value, Run run, @Nullable Evaluated evaluated);
    }

    private final List<Rule> rules = new ArrayList<>();

    void add(Rule rule) {
        rules.add(rule);
    }

    /** Whether the schema accepts the value. @param into gets what was evaluated where it does */
    boolean accepts(JsonValue value, Run run, @Nullable Evaluated into) {
        try {
            if (!run.enter()) {
                return false;
            }
            Evaluated mine = run.tracks ? new Evaluated() : null;
            boolean accepted = true;
            for (Rule rule : rules) {
                accepted &= rule.holds(value, run, mine);
                if (run.isExhausted() || !accepted && run.isProbing()) {
                    return false;
                }
            }
            if (accepted && into != null && mine != null) {
                into.add(mine);
            }
            return accepted;
        } finally {
            run.leave();
        }
    }

    /** As {@link #accepts}, without a violation where it doesn't. */
    boolean wouldAccept(JsonValue value, Run run, @Nullable Evaluated into) {
        run.beginProbe();
        try {
            return accepts(value, run, into);
        } finally {
            run.endProbe();
        }
    }
}
