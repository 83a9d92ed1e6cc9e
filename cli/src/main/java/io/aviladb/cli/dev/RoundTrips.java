package io.aviladb.cli.dev;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.config.NearestName;
import io.aviladb.core.region.RegionId;
import io.aviladb.proto.node.FaultSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The simulated round trips between regions, in milliseconds. Pairs without one are as near as the machine makes them. */
public record RoundTrips(Map<Pair, Long> millis) {
    /** Two regions, in the order of their names. */
    public record Pair(String one, String other) {
        static Pair of(String one, String other) {
            return one.compareTo(other) < 0 ? new Pair(one, other) : new Pair(other, one);
        }
    }

    /** Measured between clouds' regions of these names; of the size that users see. */
    private static final Map<Pair, Long> KNOWN = Map.of(Pair.of("sa-east-1", "us-east-1"), 116L, Pair.of("sa-east-1", "eu-west-1"), 184L,
            Pair.of("us-east-1", "eu-west-1"), 76L);

    public RoundTrips {
        millis = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(millis));
    }

    /** @param text {@code none}, empty for what is known, or {@code a:b=116ms,…} on top of it */
    public static RoundTrips parse(String text, List<RegionId> regions) {
        Map<Pair, Long> millis = new LinkedHashMap<>();
        if (text.equals("none")) {
            return new RoundTrips(millis);
        }
        for (Pair pair : pairs(regions)) {
            if (KNOWN.containsKey(pair)) {
                millis.put(pair, KNOWN.get(pair));
            }
        }
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int colon = part.indexOf(':');
            int equals = part.indexOf('=');
            if (colon < 1 || equals < colon || !part.endsWith("ms")) {
                throw CommandFailure.usage("'" + part + "' is no round trip", "Write sa-east-1:us-east-1=116ms, or none.");
            }
            Pair pair = Pair.of(known(part.substring(0, colon), regions), known(part.substring(colon + 1, equals), regions));
            millis.put(pair, number(part.substring(equals + 1, part.length() - 2)));
        }
        return new RoundTrips(millis);
    }

    private static String known(String region, List<RegionId> regions) {
        List<String> names = regions.stream().map(RegionId::name).toList();
        if (!names.contains(region)) {
            throw CommandFailure.usage("--rtt names '" + region + "', which is none of the regions", NearestName.didYouMean(region, names));
        }
        return region;
    }

    private static long number(String digits) {
        try {
            long value = Long.parseLong(digits);
            if (value >= 0 && value <= 10_000) {
                return value;
            }
        } catch (NumberFormatException noNumber) {
            throw CommandFailure.usage("'" + digits + "' is no number of milliseconds", "Write 116ms.");
        }
        throw CommandFailure.usage("a round trip is 0 to 10000 ms, not " + digits, "");
    }

    static List<Pair> pairs(List<RegionId> regions) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < regions.size(); i++) {
            for (int j = i + 1; j < regions.size(); j++) {
                pairs.add(Pair.of(regions.get(i).name(), regions.get(j).name()));
            }
        }
        return pairs;
    }

    public long between(String one, String other) {
        return millis.getOrDefault(Pair.of(one, other), 0L);
    }

    List<FaultSet.Delay> distances() {
        return millis.entrySet().stream().filter(entry -> entry.getValue() > 0)
                .map(entry -> new FaultSet.Delay(entry.getKey().one(), entry.getKey().other(), entry.getValue())).toList();
    }
}
