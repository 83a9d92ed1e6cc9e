package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.EdnReader;
import io.aviladb.chaos.history.Event;
import io.aviladb.chaos.history.History;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A history in few words, one event a line, a millisecond apart: {@code PROCESS TYPE F VALUE [:note value ..]}. The types are those of a file, and
 * {@code did}, {@code refused} and {@code unknown} for an operation at whose time nothing else happens. {@code nemesis F VALUE} stands for itself.
 * Names without quotes in a value are strings.
 */
final class Told {
    private static final long STEP_NANOS = 1_000_000;
    private final List<Event> events = new ArrayList<>();

    private Told() {
    }

    static History history(List<String> lines) {
        Told told = new Told();
        lines.forEach(told::line);
        return new History(told.events);
    }

    private void line(String line) {
        if (line.startsWith("nemesis ")) {
            String[] words = line.split(" ", 3);
            add(Event.Type.INFO, Edn.keyword("nemesis"), words[1], EdnReader.readAll(words[2]).getFirst(), Map.of());
            return;
        }
        String[] words = line.split(" ", 4);
        Edn process = Edn.of(Long.parseLong(words[0]));
        List<Edn> rest = EdnReader.readAll(words[3].replaceAll("(:(?:r|w|append)) ([a-z])", "$1 \"$2\""));
        Edn value = rest.getFirst();
        Map<String, Edn> notes = new LinkedHashMap<>();
        for (int n = 1; n < rest.size(); n += 2) {
            notes.put(rest.get(n).text().substring(1), rest.get(n + 1));
        }
        switch (words[1]) {
            case "did" -> whole(Event.Type.OK, process, words[2], value, notes);
            case "refused" -> whole(Event.Type.FAIL, process, words[2], value, notes);
            case "unknown" -> whole(Event.Type.INFO, process, words[2], value, notes);
            default -> add(Event.Type.valueOf(words[1].toUpperCase(Locale.ROOT)), process, words[2], value, notes);
        }
    }

    private void whole(Event.Type type, Edn process, String f, Edn value, Map<String, Edn> notes) {
        boolean unanswered = f.equals("read") && type == Event.Type.OK;
        add(Event.Type.INVOKE, process, f, unanswered ? Edn.NIL : value, Map.of());
        add(type, process, f, value, notes);
    }

    private void add(Event.Type type, Edn process, String f, Edn value, Map<String, Edn> notes) {
        events.add(new Event(events.size(), type, process, f, value, events.size() * STEP_NANOS, notes));
    }
}
