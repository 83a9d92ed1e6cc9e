package io.aviladb.chaos.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Refuses files that no checker may judge: a verdict on a history whose bookkeeping is wrong means nothing. */
final class Lint {
    private final Map<Edn, Event> open = new HashMap<>();
    private final Set<Edn> retired = new HashSet<>();
    private long index = Long.MIN_VALUE;
    private long time = Long.MIN_VALUE;

    private Lint() {
    }

    static void check(List<Event> events) {
        Lint lint = new Lint();
        for (Event event : events) {
            lint.order(event);
            if (event.isClient()) {
                lint.client(event);
            } else if (!(event.process() instanceof Edn.Keyword)) {
                throw refused(event, "a process is an integer or a keyword");
            }
        }
    }

    private void order(Event event) {
        if (event.index() <= index) {
            throw refused(event, "the index doesn't ascend");
        }
        if (event.timeNanos() < time) {
            throw refused(event, "time goes back");
        }
        index = event.index();
        time = event.timeNanos();
    }

    private void client(Event event) {
        if (event.type() == Event.Type.INVOKE) {
            if (retired.contains(event.process())) {
                throw refused(event, "the process is used again after an unknown outcome");
            }
            if (open.put(event.process(), event) != null) {
                throw refused(event, "the process has an operation open");
            }
            return;
        }
        Event invocation = open.remove(event.process());
        if (invocation == null || !invocation.f().equals(event.f())) {
            throw refused(event, "it completes nothing that its process invoked");
        }
        if (event.type() == Event.Type.INFO) {
            retired.add(event.process());
        }
    }

    private static MalformedHistoryException refused(Event event, String why) {
        return new MalformedHistoryException(why + ": " + event.line().text());
    }
}
