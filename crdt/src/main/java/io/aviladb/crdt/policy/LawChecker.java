package io.aviladb.crdt.policy;

import io.aviladb.core.catalog.MergeFunction;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.crdt.policy.LawVerdict.Counterexample;
import io.aviladb.crdt.policy.LawVerdict.Law;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Tries a custom merge on many documents before it may merge real ones: a merge that breaks a law lets regions that have seen the same writes read
 * different documents. First all triples of a bounded domain, then random ones.
 *
 * <p>HAZARD: a certificate isn't a proof. It says what was tried.
 */
public final class LawChecker {
    /** Random triples. */
    public static final int RANDOM_TRIPLES = 20_000;
    private static final int MAX_BASES = 3;

    private final MergeFunction merge;
    private final LawDomain domain;
    private final List<String> fields;
    private long exhaustive;

    /** @param fields that the merge reads; others merge by themselves */
    private LawChecker(MergeFunction merge, List<String> fields) {
        this.merge = merge;
        this.fields = fields;
        this.domain = new LawDomain(fields);
    }

    public static LawVerdict check(MergeFunction merge, List<String> fields, long seed) {
        return new LawChecker(merge, fields).check(seed);
    }

    private LawVerdict check(long seed) {
        Optional<Counterexample> found = all(domain.numbers()).or(() -> all(domain.mixed()));
        Random random = new Random(seed);
        for (int i = 0; found.isEmpty() && i < RANDOM_TRIPLES; i++) {
            found = broken(domain.random(random), domain.random(random), domain.random(random), domain.random(random));
        }
        if (found.isPresent()) {
            return shrunk(found.get());
        }
        return new LawVerdict.Certificate(fields, exhaustive, RANDOM_TRIPLES, seed);
    }

    private Optional<Counterexample> all(List<JsonObject> documents) {
        for (JsonObject base : documents.subList(0, Math.min(MAX_BASES, documents.size()))) {
            for (JsonObject x : documents) {
                for (JsonObject y : documents) {
                    for (JsonObject z : documents) {
                        exhaustive++;
                        Optional<Counterexample> found = broken(base, x, y, z);
                        if (found.isPresent()) {
                            return found;
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** The first law that these break. */
    private Optional<Counterexample> broken(JsonObject base, JsonObject x, JsonObject y, JsonObject z) {
        for (Law law : Law.values()) {
            Optional<Counterexample> found = broken(law, base, x, y, z);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<Counterexample> broken(Law law, JsonObject base, JsonObject x, JsonObject y, JsonObject z) {
        JsonValue both = merge.merge(base, x, y);
        JsonValue left = both;
        JsonValue right = switch (law) {
            case DETERMINISM -> merge.merge(base, x, y);
            case TOTALITY -> both instanceof JsonObject ? both : null;
            case COMMUTATIVITY -> merge.merge(base, y, x);
            case ASSOCIATIVITY -> {
                left = then(base, both, z, true);
                yield then(base, merge.merge(base, y, z), x, false);
            }
            case IDEMPOTENCE -> {
                left = merge.merge(base, x, x);
                yield x;
            }
        };
        boolean holds = law == Law.TOTALITY ? right != null : same(left, right);
        return holds ? Optional.empty() : Optional.of(new Counterexample(law, base, x, y, z, shown(left), shown(right)));
    }

    private @Nullable JsonValue then(JsonObject base, @Nullable JsonValue merged, JsonObject other, boolean mergedFirst) {
        if (!(merged instanceof JsonObject document)) {
            return null;
        }
        return mergedFirst ? merge.merge(base, document, other) : merge.merge(base, other, document);
    }

    /** Objects are compared by members in any order, numbers as written: one set of versions has one sequence of bytes. */
    private static boolean same(@Nullable JsonValue a, @Nullable JsonValue b) {
        if (a instanceof JsonObject left && b instanceof JsonObject right) {
            return left.members().keySet().equals(right.members().keySet())
                    && left.members().entrySet().stream().allMatch(member -> same(member.getValue(), right.getOrNull(member.getKey())));
        }
        return a == null ? b == null : a.equals(b);
    }

    private static String shown(@Nullable JsonValue value) {
        return value == null ? "missing" : value.toJson();
    }

    /** The same law broken by simpler documents, as long as there are any. */
    private Counterexample shrunk(Counterexample found) {
        Counterexample least = found;
        Optional<Counterexample> next = Optional.of(found);
        while (next.isPresent()) {
            least = next.get();
            next = simpler(least);
        }
        return least;
    }

    private Optional<Counterexample> simpler(Counterexample from) {
        List<Counterexample> candidates = new ArrayList<>();
        LawDomain.simpler(from.base()).forEach(base -> broken(from.law(), base, from.x(), from.y(), from.z()).ifPresent(candidates::add));
        LawDomain.simpler(from.x()).forEach(x -> broken(from.law(), from.base(), x, from.y(), from.z()).ifPresent(candidates::add));
        LawDomain.simpler(from.y()).forEach(y -> broken(from.law(), from.base(), from.x(), y, from.z()).ifPresent(candidates::add));
        LawDomain.simpler(from.z()).forEach(z -> broken(from.law(), from.base(), from.x(), from.y(), z).ifPresent(candidates::add));
        return candidates.stream().findFirst();
    }
}
