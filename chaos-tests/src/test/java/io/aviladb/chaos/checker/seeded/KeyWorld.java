package io.aviladb.chaos.checker.seeded;

import io.aviladb.chaos.history.Edn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one key does, said a second time for the oracle, and clients that use it. */
enum KeyWorld {
    /** Reads and writes of unique values. */
    REGISTER(Edn.ABSENT) {
        @Override
        @Nullable
        Edn after(Edn state, String f, Edn value, boolean refused) {
            return f.equals("write") ? value : f.equals("cas") ? swapped(state, value, refused) : state.equals(value) ? state : null;
        }

        private @Nullable Edn swapped(Edn state, Edn value, boolean refused) {
            boolean matches = value.items().get(0).equals(state);
            return refused == matches ? null : matches ? value.items().get(1) : state;
        }

        @Override
        String function(Random random) {
            return "write";
        }

        @Override
        Edn value(Random random, String f, Edn state, int fresh) {
            return Edn.of(fresh);
        }
    },
    /** The same with compare-and-set. */
    CAS(Edn.ABSENT) {
        @Override
        @Nullable
        Edn after(Edn state, String f, Edn value, boolean refused) {
            return REGISTER.after(state, f, value, refused);
        }

        @Override
        String function(Random random) {
            return random.nextInt(3) > 0 ? "cas" : "write";
        }

        @Override
        Edn value(Random random, String f, Edn state, int fresh) {
            return f.equals("write") ? Edn.of(fresh) : Edn.vector(random.nextInt(4) > 0 ? state : Edn.of(fresh - 1L), Edn.of(fresh));
        }
    },
    /** A list that is appended to. */
    LIST(new Edn.Vector(List.of())) {
        @Override
        @Nullable
        Edn after(Edn state, String f, Edn value, boolean refused) {
            if (f.equals("read")) {
                return state.items().equals(value.items()) ? state : null;
            }
            List<Edn> longer = new ArrayList<>(state.items());
            longer.add(value);
            return new Edn.Vector(longer);
        }

        @Override
        String function(Random random) {
            return "append";
        }

        @Override
        Edn value(Random random, String f, Edn state, int fresh) {
            return Edn.of(fresh);
        }
    },
    /** A number that is added to. */
    COUNTER(Edn.of(0)) {
        @Override
        @Nullable
        Edn after(Edn state, String f, Edn value, boolean refused) {
            return f.equals("add") ? Edn.of(state.number() + value.number()) : state.equals(value) ? state : null;
        }

        @Override
        String function(Random random) {
            return "add";
        }

        @Override
        Edn value(Random random, String f, Edn state, int fresh) {
            return Edn.of(random.nextInt(-3, 6));
        }
    },
    /** A set whose elements come and go. */
    SET(new Edn.Group(Set.of())) {
        @Override
        @Nullable
        Edn after(Edn state, String f, Edn value, boolean refused) {
            Set<Edn> next = new LinkedHashSet<>(state.items());
            switch (f) {
                case "add" -> next.add(value);
                case "remove" -> next.remove(value);
                default -> {
                    return next.equals(new LinkedHashSet<>(value.items())) && next.size() == value.items().size() ? state : null;
                }
            }
            return new Edn.Group(next);
        }

        @Override
        String function(Random random) {
            return random.nextInt(3) > 0 ? "add" : "remove";
        }

        @Override
        Edn value(Random random, String f, Edn state, int fresh) {
            return Edn.of(random.nextInt(3));
        }
    };

    private static final int REFUSED_OF_100 = 10;
    private final Edn initial;

    KeyWorld(Edn initial) {
        this.initial = initial;
    }

    Edn initial() {
        return initial;
    }

    /** State after the operation; null if it can't have had this outcome in this state. */
    abstract @Nullable Edn after(Edn state, String f, Edn value, boolean refused);

    /** A write of this world. */
    abstract String function(Random random);

    /** @param fresh a number that was not used yet */
    abstract Edn value(Random random, String f, Edn state, int fresh);

    /** What clients of a correct system see. */
    Draft good(Random random, int operations) {
        Edn state = initial;
        List<Draft.Op> ops = new ArrayList<>();
        for (Schedule.Slot slot : Schedule.of(random, operations, 3, true).slots()) {
            String f = random.nextInt(5) < 2 ? "read" : function(random);
            boolean read = f.equals("read");
            Edn value = read ? Edn.NIL : value(random, f, state, ops.size() + 10);
            boolean known = slot.end() != Draft.NEVER;
            boolean refused = !read && known && random.nextInt(100) < REFUSED_OF_100;
            Map<String, Edn> notes = new LinkedHashMap<>();
            if (f.equals("cas") && known && !value.items().get(0).equals(state)) {
                refused = true;
                notes.put("error", Edn.keyword("mismatch"));
            }
            Edn told = read ? shown(state) : value;
            if (!refused && !read && slot.effect() != Draft.NEVER) {
                Edn next = after(state, f, value, false);
                state = next == null ? state : next; // a cas of unknown outcome that doesn't match
            }
            ops.add(new Draft.Op(f, keyed(value), keyed(told), slot.begin(), slot.end(), refused, notes));
        }
        return new Draft(ops);
    }

    private static Edn shown(Edn state) {
        return state instanceof Edn.Group(Set<Edn> members) ? new Edn.Vector(List.copyOf(members)) : state;
    }

    private static Edn keyed(Edn value) {
        return Edn.vector(Edn.of("x"), value);
    }
}
