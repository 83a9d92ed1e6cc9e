package io.aviladb.chaos.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All events of a run, well formed: whoever holds one may judge it. */
public record History(List<Event> events) {
    /** @throws MalformedHistoryException if the bookkeeping is wrong */
    public History {
        events = List.copyOf(events);
        Lint.check(events);
    }

    /** Reads a file, one event a line. */
    public static History read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /** Reads events from text; a vector of all events is accepted too. */
    public static History parse(String text) {
        List<Edn> values = EdnReader.readAll(text);
        if (values.size() == 1 && values.getFirst() instanceof Edn.Vector(List<Edn> lines)) {
            values = lines;
        }
        return new History(values.stream().map(Event::of).toList());
    }

    /** As a file holds it. */
    public String text() {
        return events.stream().map(event -> event.line().text() + "\n").collect(Collectors.joining());
    }

    /** Writes a file, one event a line. */
    public void write(Path file) throws IOException {
        Files.writeString(file, text());
    }

    /** Operations of clients, in the order in which they were invoked. What was never answered has an unknown outcome. */
    public List<Operation> operations() {
        Map<Edn, Integer> open = new HashMap<>();
        List<Operation> operations = new ArrayList<>();
        for (Event event : events) {
            if (!event.isClient()) {
                continue;
            }
            if (event.type() == Event.Type.INVOKE) {
                open.put(event.process(), operations.size());
                operations.add(new Operation(event, null));
            } else {
                @Nullable
                Integer at = open.remove(event.process());
                if (at == null) {
                    throw new IllegalStateException("lint let pass: " + event);
                }
                operations.set(at, new Operation(operations.get(at).invocation(), event));
            }
        }
        return operations;
    }

    /** Events of the nemesis: faults with the proof that they took effect. */
    public List<Event> faults() {
        return events.stream().filter(event -> !event.isClient()).toList();
    }
}
