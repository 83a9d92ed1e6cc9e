package io.aviladb.chaos.checker.session;

import io.aviladb.chaos.checker.Checker;
import io.aviladb.chaos.checker.Verdict;
import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether sessions (the note {@code :session}, else the process) keep their guarantees, on registers, documents and lists. Each session carries, per
 * key, the newest version that it must see: what it wrote and read itself and, since a version brings along what its writer's session knew, what
 * those had. Deviation from Terry et al.: where the database stamps versions, a session's stamps must ascend over all keys too.
 */
public record Sessions(Set<Guarantee> guarantees) implements Checker {
    public Sessions {
        guarantees = Set.copyOf(guarantees);
    }

    /** All guarantees. */
    public Sessions() {
        this(EnumSet.allOf(Guarantee.class));
    }

    @Override
    public Verdict check(History history) {
        List<Operation> operations = history.operations();
        if (operations.stream().noneMatch(Operation::ok)) {
            return new Verdict.Undecided("nothing was acknowledged");
        }
        return new Run(operations).run().<Verdict>map(found -> found).orElseGet(Verdict.Valid::new);
    }

    /** What a session knows of a key (or, over all keys, a session of itself) by a guarantee: each of them is kept by itself. */
    private record Fact(Edn of, Guarantee guarantee) {}

    /** Why a session must see a version. */
    private record Known(Age age, Operation from, Operation by, Guarantee guarantee) {}

    private record Moment(long at, Operation operation, boolean begins) {}

    private final class Run {
        private final List<Operation> operations;
        private final Ages ages;
        private final Map<Edn, Map<Fact, Known>> sessions = new HashMap<>();
        private final Map<Operation, Map<Fact, Known>> dependencies = new IdentityHashMap<>(); // of writes: what their sessions knew
        private final Map<Fact, Known> highest = new HashMap<>(); // of each session, the highest stamp over all keys

        Run(List<Operation> operations) {
            this.operations = operations;
            this.ages = new Ages(operations);
        }

        Optional<Verdict.Violated> run() {
            List<Moment> moments = operations.stream()
                    .flatMap(operation -> Stream.of(new Moment(operation.began(), operation, true),
                            new Moment(operation.ended(), operation, false)))
                    .filter(moment -> moment.at != Operation.NEVER).sorted(Comparator.comparingLong(Moment::at)).toList();
            for (Moment moment : moments) {
                Optional<Verdict.Violated> violated = moment.begins ? begin(moment.operation) : end(moment.operation);
                if (violated.isPresent()) {
                    return violated;
                }
            }
            return Optional.empty();
        }

        private Map<Fact, Known> session(Operation operation) {
            return sessions.computeIfAbsent(operation.session(), any -> new HashMap<>());
        }

        /** A write takes along what its session knows by now. */
        private Optional<Verdict.Violated> begin(Operation operation) {
            dependencies.put(operation, new HashMap<>(session(operation)));
            return Optional.empty();
        }

        private Optional<Verdict.Violated> end(Operation operation) {
            if (!operation.ok()) {
                return Optional.empty();
            }
            List<Touch> touches = Touch.of(operation);
            List<Touch> reads = touches.stream().filter(Touch::isRead).toList();
            List<Touch> writes = touches.stream().filter(touch -> !touch.isRead()).toList();
            return reads.stream().flatMap(read -> stale(operation, read).stream()).findFirst()
                    .or(() -> writes.stream().flatMap(write -> unordered(operation, write).stream()).findFirst()).or(() -> {
                        reads.forEach(read -> learn(operation, read));
                        writes.forEach(write -> learn(operation, write));
                        return reads.stream().flatMap(read -> fractured(operation, read).stream()).findFirst();
                    });
        }

        /** A read of something older than the session had known when the operation began. */
        private Optional<Verdict.Violated> stale(Operation operation, Touch read) {
            return older(operation, read, known(operation, read.key()));
        }

        /** A read of something older than what another read of the same operation depends on. */
        private Optional<Verdict.Violated> fractured(Operation operation, Touch read) {
            return older(operation, read, of(session(operation), read.key())
                    .filter(known -> !known.by.equals(operation) || !known.from.equals(operation)));
        }

        private Stream<Known> known(Operation operation, Edn key) {
            return of(Objects.requireNonNull(dependencies.get(operation)), key);
        }

        private static Stream<Known> of(Map<Fact, Known> all, Edn key) {
            return Stream.of(Guarantee.values()).map(guarantee -> all.get(new Fact(key, guarantee))).filter(Objects::nonNull);
        }

        private Optional<Verdict.Violated> older(Operation operation, Touch read, Stream<Known> known) {
            return known.filter(must -> guarantees.contains(must.guarantee) && ages.of(read).isOlderThan(must.age)).findFirst()
                    .map(must -> violated(must.guarantee, read.key(), must, operation));
        }

        /** A write that comes before what its session knew: of the same key, or of any where stamps tell. */
        private Optional<Verdict.Violated> unordered(Operation operation, Touch write) {
            Age age = ages.of(write);
            Stream<Known> any = of(highest, operation.session()).filter(must -> ages.isStamped(write.key()) && write.hlc().isPresent()
                    && must.by.ended() < operation.began());
            return Stream.concat(known(operation, write.key()), any).filter(must -> age.isOlderThan(must.age))
                    .filter(must -> guarantees.contains(ordering(must.guarantee))).findFirst()
                    .map(must -> violated(ordering(must.guarantee), write.key(), must, operation));
        }

        /** By which guarantee a write comes after what its session knows by this one. */
        private static Guarantee ordering(Guarantee guarantee) {
            return switch (guarantee) {
                case READ_YOUR_WRITES, MONOTONIC_WRITES -> Guarantee.MONOTONIC_WRITES;
                case MONOTONIC_READS, WRITES_FOLLOW_READS -> Guarantee.WRITES_FOLLOW_READS;
            };
        }

        private void learn(Operation operation, Touch touch) {
            Map<Fact, Known> session = session(operation);
            Guarantee guarantee = touch.isRead() ? Guarantee.MONOTONIC_READS : Guarantee.READ_YOUR_WRITES;
            Known known = new Known(ages.of(touch), operation, operation, guarantee);
            newer(session, touch.key(), known);
            if (touch.hlc().isPresent()) {
                newer(highest, operation.session(), known);
            }
            if (touch.isRead()) { // a version's writer knew more: its own writes come before the version, and so does what it had read
                ages.writer(touch).map(dependencies::get).ifPresent(brought -> brought.forEach((fact, dependency) -> newer(session, fact.of,
                        new Known(dependency.age, dependency.from, operation, ordering(dependency.guarantee)))));
            }
        }

        private static void newer(Map<Fact, Known> all, Edn of, Known known) {
            all.merge(new Fact(of, known.guarantee), known, (old, fresh) -> fresh.age.low() > old.age.low() ? fresh : old);
        }

        private static Verdict.Violated violated(Guarantee guarantee, Edn key, Known must, Operation operation) {
            List<Operation> offending = new ArrayList<>(List.of(must.from));
            Stream.of(must.by, operation).filter(other -> !offending.contains(other)).forEach(offending::add);
            return new Verdict.Violated(guarantee.label() + ", on " + key.text(), offending);
        }
    }
}
