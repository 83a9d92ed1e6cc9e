package io.aviladb.crdt.schema;

import io.aviladb.crdt.schema.SchemaNode.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Schemas applied to the same value. */
final class LogicRules {
    private LogicRules() {
    }

    static Rule never() {
        return (value, run, evaluated) -> run.broken("false", "isn't allowed");
    }

    static Rule all(List<SchemaNode> schemas) {
        return (value, run, evaluated) -> {
            boolean all = true;
            for (SchemaNode schema : schemas) {
                all &= schema.accepts(value, run, evaluated);
                if (run.isExhausted() || !all && run.isProbing()) {
                    return false;
                }
            }
            return all;
        };
    }

    /** Where what was evaluated is asked for, all are tried: each that accepts has its say. */
    static Rule any(List<SchemaNode> schemas) {
        return (value, run, evaluated) -> {
            boolean any = false;
            for (SchemaNode schema : schemas) {
                any |= schema.wouldAccept(value, run, evaluated);
                if (any && evaluated == null || run.isExhausted()) {
                    break;
                }
            }
            return any || run.broken("anyOf", "matches none of the " + schemas.size() + " schemas");
        };
    }

    static Rule one(List<SchemaNode> schemas) {
        return (value, run, evaluated) -> {
            int matches = 0;
            for (SchemaNode schema : schemas) {
                matches += schema.wouldAccept(value, run, evaluated) ? 1 : 0;
                if (matches > 1 || run.isExhausted()) {
                    break;
                }
            }
            return matches == 1 || run.broken("oneOf",
                    "matches " + (matches == 0 ? "none" : "more than one") + " of the " + schemas.size() + " schemas");
        };
    }

    static Rule not(SchemaNode schema) {
        return (value, run, evaluated) -> !schema.wouldAccept(value, run, null) && !run.isExhausted()
                || run.broken("not", "matches a schema that it must not match");
    }

    static Rule when(SchemaNode condition, @Nullable SchemaNode then, @Nullable SchemaNode otherwise) {
        return (value, run, evaluated) -> {
            SchemaNode next = condition.wouldAccept(value, run, evaluated) ? then : otherwise;
            return next == null || next.accepts(value, run, evaluated);
        };
    }
}
