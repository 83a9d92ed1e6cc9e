package io.aviladb.client;

import java.util.List;

/** What a listing saw. */
public record Coverage(boolean complete, List<Region> regions, List<Missing> missing) {
    /** @param closed hybrid time up to which the region's answer is complete */
    public record Region(String region, boolean answered, String closed) {}

    /** What didn't answer: an interval of keys, in hexadecimal, as in the range map. */
    public record Missing(String region, String start, String end) {}

    public Coverage {
        regions = List.copyOf(regions);
        missing = List.copyOf(missing);
    }
}
