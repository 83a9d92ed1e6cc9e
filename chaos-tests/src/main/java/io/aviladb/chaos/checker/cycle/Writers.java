package io.aviladb.chaos.checker.cycle;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.MalformedHistoryException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who wrote which value: values are unique for a key, so that a value names its writer. */
final class Writers {
    /** A value of a key. */
    record Version(Edn key, Edn value) {}

    private final Map<Version, Transaction> writers = new LinkedHashMap<>();
    private final Map<Version, Long> stamps = new HashMap<>();

    Writers(List<Transaction> all) {
        for (Transaction transaction : all) {
            for (Transaction.Step step : transaction.writes()) {
                Version version = new Version(step.key(), step.value());
                if (writers.put(version, transaction) != null) {
                    throw new MalformedHistoryException("values are not unique: " + transaction.operation().describe());
                }
                transaction.operation().hlc().ifPresent(hlc -> stamps.put(version, hlc));
            }
        }
        for (Transaction transaction : all) { // what nobody acknowledged has a stamp once it was seen
            for (Edn seen : transaction.operation().seen()) {
                List<Edn> parts = seen.items();
                stamps.putIfAbsent(new Version(parts.get(0), parts.get(1)), parts.get(2).number());
            }
        }
    }

    Optional<Transaction> of(Edn key, Edn value) {
        return Optional.ofNullable(writers.get(new Version(key, value)));
    }

    /** The database's own stamp of a value. */
    Optional<Long> stamp(Edn key, Edn value) {
        return Optional.ofNullable(stamps.get(new Version(key, value)));
    }

    /** Values of a key that were written, or may have been. */
    List<Edn> values(Edn key) {
        return writers.entrySet().stream().filter(entry -> entry.getKey().key().equals(key) && entry.getValue().operation().possible())
                .map(entry -> entry.getKey().value()).toList();
    }
}
