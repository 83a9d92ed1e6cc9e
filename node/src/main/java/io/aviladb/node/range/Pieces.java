package io.aviladb.node.range;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * A value for each part of an interval that has one. Where another region cuts its keys elsewhere, or cuts them anew, each part keeps what it
 * had; neighbours unite only at equal values.
 *
 * <p>Invariant: sorted, without overlap, and no two that touch are equal: one state has one sequence of bytes.
 */
record Pieces<V>(List<Piece<V>> list) {
    private static final Comparator<Piece<?>> ORDER = (a, b) -> Arrays.compareUnsigned(a.keys().start(), b.keys().start());

    record Piece<V>(KeyRange keys, V value) {}

    Pieces {
        list = List.copyOf(list);
    }

    static <V> Pieces<V> none() {
        return new Pieces<>(List.of());
    }

    /** The keys have this value from here on, whatever parts of them had. */
    Pieces<V> with(KeyRange keys, V value) {
        List<Piece<V>> parts = outside(keys);
        parts.add(new Piece<>(keys, value));
        parts.sort(ORDER);
        return new Pieces<>(united(parts));
    }

    /** The keys have no value from here on. */
    Pieces<V> without(KeyRange keys) {
        List<Piece<V>> parts = outside(keys);
        parts.sort(ORDER);
        return new Pieces<>(parts);
    }

    private List<Piece<V>> outside(KeyRange keys) {
        List<Piece<V>> parts = new ArrayList<>();
        for (Piece<V> piece : list) {
            KeyRange old = piece.keys();
            if (old.intersect(keys).isEmpty()) {
                parts.add(piece);
                continue;
            }
            if (Arrays.compareUnsigned(old.start(), keys.start()) < 0) {
                parts.add(new Piece<>(new KeyRange(old.start(), keys.start()), piece.value()));
            }
            if (keys.end().length != 0 && (old.end().length == 0 || Arrays.compareUnsigned(keys.end(), old.end()) < 0)) {
                parts.add(new Piece<>(new KeyRange(keys.end(), old.end()), piece.value()));
            }
        }
        return parts;
    }

    /** What each part of the keys has becomes what it is together with the value; a part that has none gets the value. */
    Pieces<V> joined(KeyRange keys, V value, BinaryOperator<V> join) {
        Pieces<V> next = with(keys, value);
        for (Piece<V> piece : list) {
            Optional<KeyRange> part = piece.keys().intersect(keys);
            if (part.isPresent()) {
                next = next.with(part.get(), join.apply(piece.value(), value));
            }
        }
        return next;
    }

    /** What lies inside the keys. */
    Pieces<V> within(KeyRange keys) {
        List<Piece<V>> inside = new ArrayList<>();
        for (Piece<V> piece : list) {
            piece.keys().intersect(keys).ifPresent(part -> inside.add(new Piece<>(part, piece.value())));
        }
        return new Pieces<>(inside);
    }

    /** These and those of the neighbour behind, whose keys all come after these. */
    Pieces<V> followedBy(Pieces<V> behind) {
        List<Piece<V>> both = new ArrayList<>(list);
        both.addAll(behind.list);
        return new Pieces<>(united(both));
    }

    private static <V> List<Piece<V>> united(List<Piece<V>> sorted) {
        List<Piece<V>> united = new ArrayList<>();
        for (Piece<V> next : sorted) {
            Piece<V> last = united.isEmpty() ? null : united.getLast();
            if (last != null && Arrays.equals(last.keys().end(), next.keys().start()) && Objects.equals(last.value(), next.value())) {
                united.set(united.size() - 1, new Piece<>(new KeyRange(last.keys().start(), next.keys().end()), last.value()));
            } else {
                united.add(next);
            }
        }
        return united;
    }

    /** All values in the interval together; empty where it has none. */
    Optional<V> together(KeyRange interval, BinaryOperator<V> join) {
        return list.stream().filter(piece -> piece.keys().intersect(interval).isPresent()).map(Piece::value).reduce(join);
    }

    /** The value that the key has. */
    Optional<V> at(DocumentKey key) {
        return list.stream().filter(piece -> piece.keys().contains(key)).map(Piece::value).findFirst();
    }

    /** The least over the whole interval; empty where any part of it has no value. */
    Optional<V> least(KeyRange whole, BinaryOperator<V> meet) {
        byte[] reached = whole.start();
        Optional<V> least = Optional.empty();
        for (Piece<V> piece : list) {
            if (piece.keys().intersect(whole).isEmpty()) {
                continue;
            }
            if (Arrays.compareUnsigned(piece.keys().start(), reached) > 0) {
                return Optional.empty();
            }
            least = Optional.of(least.map(value -> meet.apply(value, piece.value())).orElse(piece.value()));
            reached = piece.keys().end();
            if (reached.length == 0) {
                return least;
            }
        }
        return whole.end().length != 0 && Arrays.compareUnsigned(reached, whole.end()) >= 0 ? least : Optional.empty();
    }
}
