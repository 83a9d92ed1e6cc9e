package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Money is moved and never made: every read {@code {account balance}} shows all accounts, and their sum is the total.
 *
 * @param accounts that each read shows; empty: those of the first read
 */
public record Bank(Set<Edn> accounts, long total) implements Checker {
    public Bank {
        accounts = Set.copyOf(accounts);
    }

    /** @throws MalformedHistoryException if there is anything but transfers and reads of balances */
    @Override
    public Verdict check(History history) {
        List<Operation> reads = history.operations().stream().filter(Bank::isAnsweredRead).toList();
        if (reads.isEmpty()) {
            return new Verdict.Undecided("no balances were read");
        }
        Set<Edn> expected = accounts.isEmpty() ? balances(reads.getFirst()).keySet() : accounts;
        return reads.stream().flatMap(read -> wrong(read, expected).stream()).findFirst().<Verdict>map(found -> found)
                .orElseGet(Verdict.Valid::new);
    }

    private static boolean isAnsweredRead(Operation operation) {
        if (!operation.isRead() && !operation.f().equals("transfer")) {
            throw new MalformedHistoryException("neither transfer nor read: " + operation.describe());
        }
        return operation.isRead() && operation.ok();
    }

    private static Map<Edn, Edn> balances(Operation read) {
        if (read.value() instanceof Edn.Dict(Map<Edn, Edn> balances)) {
            return balances;
        }
        throw new MalformedHistoryException("no balances: " + read.describe());
    }

    private Optional<Verdict.Violated> wrong(Operation read, Set<Edn> expected) {
        Map<Edn, Edn> balances = balances(read);
        if (!balances.keySet().equals(expected)) {
            return Optional.of(new Verdict.Violated("a read shows other accounts than there are", List.of(read)));
        }
        long sum = balances.values().stream().mapToLong(Edn::number).sum();
        return sum == total
                ? Optional.empty()
                : Optional.of(new Verdict.Violated("the balances make " + sum + " instead of " + total, List.of(read)));
    }
}
