package io.aviladb.chaos.checker.session;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Operation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The order of each key's versions: by the database's stamps where the history has any for the key, by the longest read of a list, else by real
 * time (a value whose write ended before another's began is older: true where one region serves).
 */
final class Ages {
    private record Version(Edn key, Edn value) {}

    private final Map<Version, Operation> writes = new HashMap<>();
    private final Map<Version, Long> stamps = new HashMap<>();
    private final Map<Edn, List<Edn>> lists = new HashMap<>(); // the longest read of each key that is appended to
    private final Set<Edn> stamped = new HashSet<>();
    private final Map<Edn, Long> deleted = new HashMap<>(); // the highest rank that a delete of the key may have

    Ages(List<Operation> operations) {
        operations.forEach(operation -> Touch.of(operation).stream().filter(touch -> !touch.isRead())
                .forEach(touch -> write(operation, touch)));
        operations.stream().filter(Operation::ok).forEach(operation -> Touch.of(operation).stream().filter(Touch::isRead)
                .forEach(this::read));
    }

    private void write(Operation operation, Touch touch) {
        Version version = new Version(touch.key(), touch.value());
        writes.put(version, operation);
        touch.hlc().ifPresent(hlc -> stamp(version, hlc));
        if (touch.kind() == Touch.Kind.APPEND) {
            lists.putIfAbsent(touch.key(), List.of());
        }
        if (touch.kind() == Touch.Kind.DELETE && operation.possible()) {
            deleted.merge(touch.key(), touch.hlc().orElse(Long.MAX_VALUE), Math::max);
        }
    }

    private void read(Touch touch) {
        if (lists.containsKey(touch.key()) && touch.value() instanceof Edn.Vector(List<Edn> items)
                && items.size() > lists.getOrDefault(touch.key(), List.of()).size()) {
            lists.put(touch.key(), items);
        }
        touch.hlc().ifPresent(hlc -> stamp(new Version(touch.key(), touch.value()), hlc));
    }

    private void stamp(Version version, long hlc) {
        stamps.putIfAbsent(version, hlc);
        stamped.add(version.key);
    }

    boolean isStamped(Edn key) {
        return stamped.contains(key);
    }

    /** Who wrote what a read saw; of a list, the writer of its last element. */
    Optional<Operation> writer(Touch read) {
        Edn value = lists.containsKey(read.key()) && read.value() instanceof Edn.Vector(List<Edn> items) && !items.isEmpty()
                ? items.getLast()
                : read.value();
        return Optional.ofNullable(writes.get(new Version(read.key(), value)));
    }

    Age of(Touch touch) {
        if (lists.containsKey(touch.key())) {
            return inList(touch);
        }
        if (stamped.contains(touch.key())) {
            return byStamp(touch);
        }
        Operation write = writes.get(new Version(touch.key(), touch.value()));
        if (write != null) {
            return new Age(write.began(), write.ended());
        }
        return touch.value().equals(Edn.ABSENT) && !deleted.containsKey(touch.key()) ? Age.INITIAL : Age.UNKNOWN;
    }

    private Age byStamp(Touch touch) {
        if (touch.hlc().isPresent()) {
            return Age.exactly(touch.hlc().get());
        }
        if (touch.value().equals(Edn.ABSENT)) { // never written, or one of the deletes
            return new Age(-1, deleted.getOrDefault(touch.key(), -1L));
        }
        Long stamp = stamps.get(new Version(touch.key(), touch.value()));
        return stamp == null ? Age.UNKNOWN : Age.exactly(stamp);
    }

    private Age inList(Touch touch) {
        List<Edn> longest = lists.getOrDefault(touch.key(), List.of());
        if (touch.isRead()) {
            return Age.exactly(touch.value() instanceof Edn.Vector(List<Edn> items) ? items.size() : 0);
        }
        int place = longest.indexOf(touch.value()); // one that nobody saw comes after all that was seen
        return Age.exactly(place < 0 ? longest.size() + 1L : place + 1L);
    }
}
