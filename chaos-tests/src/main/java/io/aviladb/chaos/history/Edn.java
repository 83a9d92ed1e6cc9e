package io.aviladb.chaos.history;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The part of EDN that histories use. Values are immutable and compare by content. */
public sealed interface Edn {
    /** The unknown: what a read will answer. A missing document is {@link #ABSENT}, never this. */
    Edn NIL = new Nil();
    /** No document. */
    Edn ABSENT = new Keyword("absent");

    /** {@code nil}. */
    record Nil() implements Edn {}

    /** A 64-bit integer. */
    record Int(long value) implements Edn {}

    /** {@code true} or {@code false}. */
    record Bool(boolean value) implements Edn {}

    /** A string. */
    record Text(String value) implements Edn {}

    /** A keyword; the name without its colon. */
    record Keyword(String name) implements Edn {}

    /** {@code [a b]}. */
    record Vector(List<Edn> items) implements Edn {
        public Vector {
            items = List.copyOf(items);
        }
    }

    /** <code>{a b}</code>, in the order of the file. */
    record Dict(Map<Edn, Edn> entries) implements Edn {
        public Dict {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }
    }

    /** <code>#{a b}</code>, in the order of the file. */
    record Group(Set<Edn> members) implements Edn {
        public Group {
            members = Collections.unmodifiableSet(new LinkedHashSet<>(members));
        }
    }

    /** An integer. */
    static Edn of(long value) {
        return new Int(value);
    }

    /** A string. */
    static Edn of(String value) {
        return new Text(value);
    }

    /** A keyword by its name without the colon. */
    static Edn keyword(String name) {
        return new Keyword(name);
    }

    /** A vector. */
    static Edn vector(Edn... items) {
        return new Vector(List.of(items));
    }

    /** As it stands in a file. */
    default String text() {
        return EdnWriter.text(this);
    }

    /** The items of a vector or a set; nothing for {@code nil}. */
    default List<Edn> items() {
        return switch (this) {
            case Vector(List<Edn> all) -> all;
            case Group(Set<Edn> members) -> List.copyOf(members);
            case Nil() -> List.of();
            default -> throw new MalformedHistoryException("a collection was expected, not " + text());
        };
    }

    /** The number. */
    default long number() {
        if (this instanceof Int(long value)) {
            return value;
        }
        throw new MalformedHistoryException("an integer was expected, not " + text());
    }
}
