package io.aviladb.chaos.history;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One line of a history.
 *
 * @param index ascends over the whole history
 * @param process integer of a client; keyword of something that isn't judged, as {@code :nemesis}
 * @param f what is done, without the colon
 * @param timeNanos on the recorder's monotonic clock
 * @param notes everything else: {@code level}, {@code region}, {@code session}, {@code hlc}, {@code seen}, {@code final?}, …
 */
public record Event(long index, Type type, Edn process, String f, Edn value, long timeNanos, Map<String, Edn> notes) {
    /** What is known of the operation. */
    public enum Type {
        /** It was asked for. */
        INVOKE,
        /** It happened. */
        OK,
        /** It certainly did not and will not happen. */
        FAIL,
        /** Nobody knows; it may happen at any time later, or never. */
        INFO
    }

    /** Checks nothing but copies. {@link Lint} judges an event among its neighbours. */
    public Event {
        notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
    }

    /** Whether a checker judges it: it comes from a client. */
    boolean isClient() {
        return process instanceof Edn.Int;
    }

    /** A note by its name. */
    public Optional<Edn> note(String name) {
        return Optional.ofNullable(notes.get(name));
    }

    static Event of(Edn line) {
        if (!(line instanceof Edn.Dict(Map<Edn, Edn> entries))) {
            throw new MalformedHistoryException("an event is a map, not " + line.text());
        }
        Map<String, Edn> rest = new LinkedHashMap<>();
        entries.forEach((key, value) -> rest.put(name(key), value));
        long index = taken(rest, "index", line).number();
        Type type = type(name(taken(rest, "type", line)), line);
        Edn process = taken(rest, "process", line);
        String f = name(taken(rest, "f", line));
        Edn value = taken(rest, "value", line);
        return new Event(index, type, process, f, value, taken(rest, "time", line).number(), rest);
    }

    Edn line() {
        Map<Edn, Edn> entries = new LinkedHashMap<>();
        entries.put(Edn.keyword("index"), Edn.of(index));
        entries.put(Edn.keyword("type"), Edn.keyword(type.name().toLowerCase(Locale.ROOT)));
        entries.put(Edn.keyword("process"), process);
        entries.put(Edn.keyword("f"), Edn.keyword(f));
        entries.put(Edn.keyword("value"), value);
        entries.put(Edn.keyword("time"), Edn.of(timeNanos));
        notes.forEach((name, note) -> entries.put(Edn.keyword(name), note));
        return new Edn.Dict(entries);
    }

    private static Type type(String name, Edn line) {
        return switch (name) {
            case "invoke" -> Type.INVOKE;
            case "ok" -> Type.OK;
            case "fail" -> Type.FAIL;
            case "info" -> Type.INFO;
            default -> throw new MalformedHistoryException("no type of event: " + line.text());
        };
    }

    private static String name(Edn keyword) {
        if (keyword instanceof Edn.Keyword(String name)) {
            return name;
        }
        throw new MalformedHistoryException("a keyword was expected, not " + keyword.text());
    }

    private static Edn taken(Map<String, Edn> from, String name, Edn line) {
        Edn value = from.remove(name);
        if (value == null) {
            throw new MalformedHistoryException("no :" + name + " in " + line.text());
        }
        return value;
    }
}
