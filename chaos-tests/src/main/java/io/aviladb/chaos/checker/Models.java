package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The models that workloads use. */
public final class Models {
    private Models() {
    }

    /**
     * One value, replaced by {@code write} or {@code cas [old new]}; {@code :absent} at first.
     *
     * @param refusals whether a compare-and-set refused with {@code :error :mismatch} proves that the value was another
     */
    public record Register(boolean refusals) implements Model<Edn> {
        @Override
        public Set<String> functions() {
            return Set.of("read", "write", "cas");
        }

        @Override
        public Edn initial() {
            return Edn.ABSENT;
        }

        @Override
        public boolean isEvidence(Operation refused) {
            return refusals && refused.f().equals("cas") && refused.note("error").filter(Edn.keyword("mismatch")::equals).isPresent();
        }

        @Override
        public Optional<Edn> step(Edn state, Operation operation, Edn value) {
            return switch (operation.f()) {
                case "read" -> Optional.of(state).filter(value::equals);
                case "write" -> Optional.of(value);
                default -> {
                    boolean matches = value.items().getFirst().equals(state);
                    yield operation.possible()
                            ? Optional.of(value.items().getLast()).filter(next -> matches)
                            : Optional.of(state).filter(same -> !matches);
                }
            };
        }
    }

    /**
     * One value, of which a read may see one of the last versions. Keys and sessions promise nothing together.
     *
     * @param versions how many versions old a read may be
     */
    public record LaggingRegister(int versions) implements Model<List<Edn>> {
        @Override
        public Set<String> functions() {
            return Set.of("read", "write");
        }

        @Override
        public List<Edn> initial() {
            return List.of(Edn.ABSENT);
        }

        @Override
        public Optional<List<Edn>> step(List<Edn> state, Operation operation, Edn value) {
            if (operation.isRead()) {
                return Optional.of(state).filter(recent -> recent.contains(value));
            }
            List<Edn> next = new ArrayList<>(state);
            next.add(value);
            return Optional.of(List.copyOf(next.subList(Math.max(0, next.size() - versions - 1), next.size())));
        }
    }

    /** Elements in the order in which they were appended. */
    public record Appended() implements Model<List<Edn>> {
        @Override
        public Set<String> functions() {
            return Set.of("read", "append");
        }

        @Override
        public List<Edn> initial() {
            return List.of();
        }

        @Override
        public Optional<List<Edn>> step(List<Edn> state, Operation operation, Edn value) {
            if (operation.isRead()) {
                return Optional.of(state).filter(value.items()::equals);
            }
            List<Edn> longer = new ArrayList<>(state);
            longer.add(value);
            return Optional.of(List.copyOf(longer));
        }
    }

    /** A number; {@code add n} adds to it. */
    public record Counter() implements Model<Long> {
        @Override
        public Set<String> functions() {
            return Set.of("read", "add");
        }

        @Override
        public Long initial() {
            return 0L;
        }

        @Override
        public Optional<Long> step(Long state, Operation operation, Edn value) {
            return operation.isRead() ? Optional.of(state).filter(now -> now == value.number()) : Optional.of(state + value.number());
        }
    }

    /** Elements, each once, in any order. */
    public record Elements() implements Model<Set<Edn>> {
        @Override
        public Set<String> functions() {
            return Set.of("read", "add", "remove");
        }

        @Override
        public Set<Edn> initial() {
            return Set.of();
        }

        @Override
        public Optional<Set<Edn>> step(Set<Edn> state, Operation operation, Edn value) {
            if (operation.isRead()) {
                List<Edn> read = value.items();
                return Optional.of(state).filter(now -> read.size() == now.size() && now.equals(new HashSet<>(read)));
            }
            Set<Edn> next = new HashSet<>(state);
            if (operation.f().equals("add")) {
                next.add(value);
            } else {
                next.remove(value);
            }
            return Optional.of(Set.copyOf(next));
        }
    }

    /** A lock whose acquisitions carry ascending fencing tokens: {@code acquire owner} is answered {@code [owner token]}. */
    public record Lock() implements Model<Lock.Held> {
        /**
         * @param owner nobody: {@code :absent}
         * @param token the greatest one known so far
         */
        public record Held(Edn owner, long token) {}

        @Override
        public Set<String> functions() {
            return Set.of("acquire", "release");
        }

        @Override
        public Held initial() {
            return new Held(Edn.ABSENT, Long.MIN_VALUE);
        }

        @Override
        public Optional<Held> step(Held state, Operation operation, Edn value) {
            if (operation.f().equals("release")) {
                return Optional.of(new Held(Edn.ABSENT, state.token)).filter(free -> value.equals(state.owner));
            }
            boolean free = state.owner.equals(Edn.ABSENT);
            if (!operation.ok()) {
                return Optional.of(new Held(value, state.token)).filter(held -> free);
            }
            Held next = new Held(value.items().getFirst(), value.items().getLast().number());
            return Optional.of(next).filter(held -> free && held.token > state.token);
        }
    }
}
