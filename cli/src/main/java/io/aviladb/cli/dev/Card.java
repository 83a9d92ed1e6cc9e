package io.aviladb.cli.dev;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code dev} shows when it is ready. Every figure was measured or configured. */
final class Card {
    /**
     * A region's line.
     *
     * @param leaders data groups of the region that have a leader
     * @param lagMillis the longest of its incoming links; -1 where none has been measured
     */
    record RegionLine(String name, String endpoint, int leaders, long lagMillis) {}

    private Card() {
    }

    static List<String> lines(List<RegionLine> regions, RoundTrips roundTrips, String command) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(map(regions.stream().map(RegionLine::name).toList(), roundTrips));
        lines.add("");
        int width = Math.max(6, regions.stream().mapToInt(region -> region.name.length()).max().orElse(0));
        lines.add("  " + padded("region", width) + "  " + padded("endpoint", 24) + "  leaders  lag");
        for (RegionLine region : regions) {
            String lag = region.lagMillis < 0 ? "not measured yet" : region.lagMillis + " ms";
            lines.add("  " + padded(region.name, width) + "  " + padded(region.endpoint, 24)
                    + String.format(Locale.ROOT, "  %7d  %s", region.leaders, lag));
        }
        lines.add("");
        String first = regions.get(0).endpoint;
        String address = first.substring(first.indexOf("//") + 2);
        String last = regions.get(regions.size() - 1).name;
        lines.add("  url   aviladb://" + address);
        lines.add("  rest  curl " + first + "/v1/databases");
        lines.add("  try   " + command + " status");
        lines.add("        " + command + " sample players --out players.ndjson");
        lines.add("        " + command + " import game/players players.ndjson --create /userId");
        lines.add("        " + command + " faults kill " + last + "/1     then: " + command + " faults heal");
        lines.add("  stop  Ctrl-C");
        return lines;
    }

    /** Three regions as a triangle, others as a list. */
    static List<String> map(List<String> regions, RoundTrips roundTrips) {
        List<String> lines = new ArrayList<>();
        if (roundTrips.distances().isEmpty()) {
            lines.add("  no simulated latency between " + String.join(", ", regions));
            return lines;
        }
        if (regions.size() != 3) {
            lines.add("  simulated round trips");
            for (int i = 0; i < regions.size(); i++) {
                for (int j = i + 1; j < regions.size(); j++) {
                    lines.add("    " + regions.get(i) + " - " + regions.get(j) + "  " + roundTrips.between(regions.get(i), regions.get(j))
                            + " ms");
                }
            }
            return lines;
        }
        String a = regions.get(0);
        String b = regions.get(1);
        String c = regions.get(2);
        String pad = " ".repeat(a.length());
        lines.add("    " + a + " o---------- " + padded(roundTrips.between(a, b) + " ms", 7) + "----------o " + b);
        lines.add("    " + pad + "  \\                           /");
        lines.add("    " + pad + "   " + padded(roundTrips.between(a, c) + " ms", 9) + "            "
                + padded(roundTrips.between(b, c) + " ms", 9) + "    simulated round trips");
        lines.add("    " + pad + "     \\                     /");
        lines.add("    " + pad + "      o---- " + padded(c, 12) + "---o");
        return lines;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
