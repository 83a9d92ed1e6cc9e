package io.aviladb.chaos.simulation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/** A digest of everything that happened, in its order, and the last of it in words. Two runs of one plan have the same. */
final class Trace {
    private static final int REMEMBERED = 60;

    private final Agenda agenda;
    private final ArrayDeque<String> last = new ArrayDeque<>();
    private long digest = 1;

    Trace(Agenda agenda) {
        this.agenda = agenda;
    }

    void happened(String what) {
        add(agenda.nanos());
        add(what.hashCode());
        if (last.size() == REMEMBERED) {
            last.remove();
        }
        last.add(agenda.nanos() / 1_000 + " µs " + what);
    }

    void bytes(byte[] bytes) {
        add(Arrays.hashCode(bytes));
    }

    private void add(long value) {
        digest = (digest ^ value) * 0x9E3779B97F4A7C15L;
        digest ^= digest >>> 29;
    }

    long digest() {
        return digest;
    }

    List<String> last() {
        return List.copyOf(last);
    }
}
