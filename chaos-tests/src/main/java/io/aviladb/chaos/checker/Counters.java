package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sums of {@code add n}. The last reads (with {@code :final?}) are equal, and are what was acknowledged plus the sum of some additions whose fate is
 * unknown. Other reads lie between what was certainly there and what may have been; where the counter is eventual, only between the sums of all
 * subtractions and all additions begun so far.
 *
 * @param strong whether a read sees all that was acknowledged before it began
 */
public record Counters(boolean strong) implements Checker {
    /** Past so many different sums, bounds are checked instead of the sums themselves. */
    private static final int SUMS = 100_000;
    private static final Set<String> FUNCTIONS = Set.of("add", "read");

    /** @throws MalformedHistoryException if there is anything but adds and reads */
    @Override
    public Verdict check(History history) {
        List<Operation> all = history.operations();
        all.stream().filter(operation -> !FUNCTIONS.contains(operation.f())).findFirst().ifPresent(operation -> {
            throw new MalformedHistoryException("neither add nor read: " + operation.describe());
        });
        List<Operation> reads = all.stream().filter(operation -> operation.isRead() && operation.ok()).toList();
        if (reads.isEmpty()) {
            return new Verdict.Undecided("nothing was read");
        }
        List<Operation> adds = all.stream().filter(operation -> !operation.isRead() && operation.possible()).toList();
        return reads.stream().filter(read -> !read.isFinal()).flatMap(read -> outside(read, adds).stream()).findFirst()
                .or(() -> last(reads.stream().filter(Operation::isFinal).toList(), adds)).<Verdict>map(found -> found)
                .orElseGet(Verdict.Valid::new);
    }

    private Optional<Verdict.Violated> outside(Operation read, List<Operation> adds) {
        long low = 0;
        long high = 0;
        for (Operation add : adds) {
            long n = add.value().number();
            boolean begun = add.began() < read.ended();
            boolean certain = strong && add.ended() < read.began();
            low += certain || begun && n < 0 ? n : 0;
            high += certain || begun && n > 0 ? n : 0;
        }
        long value = read.value().number();
        return value < low || value > high
                ? Optional.of(new Verdict.Violated("a sum that isn't between " + low + " and " + high, List.of(read)))
                : Optional.empty();
    }

    private static Optional<Verdict.Violated> last(List<Operation> reads, List<Operation> adds) {
        for (Operation read : reads) {
            if (read.value().number() != reads.getFirst().value().number()) {
                return Optional.of(new Verdict.Violated("regions disagree at the end", List.of(reads.getFirst(), read)));
            }
            long known = adds.stream().filter(Operation::ok).mapToLong(add -> add.value().number()).sum();
            List<Operation> unknown = adds.stream().filter(add -> !add.ok()).toList();
            if (!reachable(read.value().number() - known, unknown)) {
                List<Operation> offending = new ArrayList<>(unknown);
                offending.add(read);
                return Optional.of(new Verdict.Violated("acknowledged additions make " + known
                        + ", and no choice among those of unknown outcome makes up for the difference", offending));
            }
        }
        return Optional.empty();
    }

    /** Whether some of the additions sum up to the rest. */
    private static boolean reachable(long rest, List<Operation> unknown) {
        Set<Long> sums = new HashSet<>(Set.of(0L));
        for (Operation add : unknown) {
            Set<Long> more = new HashSet<>(sums);
            sums.forEach(sum -> more.add(sum + add.value().number()));
            sums = more;
            if (sums.size() > SUMS) {
                long low = unknown.stream().mapToLong(one -> Math.min(0, one.value().number())).sum();
                long high = unknown.stream().mapToLong(one -> Math.max(0, one.value().number())).sum();
                return low <= rest && rest <= high;
            }
        }
        return sums.contains(rest);
    }
}
