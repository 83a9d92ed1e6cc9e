package io.aviladb.benchmarks.load;

import io.aviladb.core.document.JsonValue;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints lines as they come and ratios at the end, for people and as JSON. Used by one thread. */
public final class Results {
    private final PrintStream out;
    private final List<Measurement> lines = new ArrayList<>();
    private final List<Ratio> ratios = new ArrayList<>();

    /**
     * One figure over another.
     *
     * @param goal what it is to be at most, or at least
     */
    private record Ratio(String name, double value, boolean atMost, double goal) {
        boolean met() {
            return atMost ? value <= goal : value >= goal;
        }
    }

    public Results(PrintStream out) {
        this.out = out;
        out.println(Measurement.header());
    }

    /** Prints the line at once. @return the same */
    public Measurement add(Measurement line) {
        lines.add(line);
        out.println(line.row());
        return line;
    }

    public void atMost(String name, double value, double goal) {
        ratios.add(new Ratio(name, value, true, goal));
    }

    public void atLeast(String name, double value, double goal) {
        ratios.add(new Ratio(name, value, false, goal));
    }

    /** Prints the ratios, then all in one line of JSON. */
    public void finish() {
        out.println();
        for (Ratio ratio : ratios) {
            out.printf(Locale.ROOT, "%-72s %8.2f  (goal: %s %.2f)%s%n", ratio.name(), ratio.value(),
                    ratio.atMost() ? "at most" : "at least",
                    ratio.goal(), ratio.met() ? "" : "  missed");
        }
        out.println();
        out.println(json());
    }

    String json() {
        List<Map<String, Object>> measured = lines.stream().map(Results::json).toList();
        List<Map<String, Object>> compared = ratios.stream().map(Results::json).toList();
        return JsonValue.of(ordered("lines", measured, "ratios", compared)).toJson();
    }

    private static Map<String, Object> json(Measurement line) {
        return ordered("work", line.name(), "inFlight", line.inFlight(), "opsPerSecond", rounded(line.rate()), "p50Millis",
                rounded(line.p50Millis()), "p99Millis", rounded(line.p99Millis()), "cpuSecondsPer1000", rounded(line.cpuPerThousand()),
                "failures", line.failures());
    }

    private static Map<String, Object> json(Ratio ratio) {
        return ordered("ratio", ratio.name(), "value", rounded(ratio.value()), ratio.atMost() ? "atMost" : "atLeast", ratio.goal(), "met",
                ratio.met());
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    private static double rounded(double value) {
        return Double.isFinite(value) ? Math.round(value * 1_000) / 1_000.0 : -1;
    }
}
