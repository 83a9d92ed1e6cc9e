package io.aviladb.crdt.policy;

import io.aviladb.core.document.JsonObject;
import java.util.List;

/** What a check of a custom merge found. */
public sealed interface LawVerdict {
    /** The laws, in the order in which they are tried. b is the base; m(x, y) is short for m(b, x, y). */
    enum Law {
        /** The same arguments give the same result. */
        DETERMINISM("m(x, y) = m(x, y)"),
        /** Every two documents have a merge, and it is an object. */
        TOTALITY("m(x, y) is an object"),
        /** It doesn't matter which side is which. */
        COMMUTATIVITY("m(x, y) = m(y, x)"),
        /** It doesn't matter which two meet first. */
        ASSOCIATIVITY("m(m(x, y), z) = m(x, m(y, z))"),
        /** A document merged with itself stays. */
        IDEMPOTENCE("m(x, x) = x");

        private final String formula;

        Law(String formula) {
            this.formula = formula;
        }

        public String formula() {
            return formula;
        }
    }

    /**
     * No counterexample was found.
     *
     * @param fields of the documents that were tried
     * @param exhaustive triples of the bounded domain, all of them
     * @param random triples beyond it
     * @param seed that repeats those
     */
    record Certificate(List<String> fields, long exhaustive, long random, long seed) implements LawVerdict {
        public Certificate {
            fields = List.copyOf(fields);
        }
    }

    /**
     * The law is broken by these, shrunk as far as they break it.
     *
     * @param left what the law's left side comes to, as JSON, or {@code missing}
     */
    record Counterexample(Law law, JsonObject base, JsonObject x, JsonObject y, JsonObject z, String left,
            String right) implements LawVerdict {}
}
