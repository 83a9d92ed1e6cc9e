package io.aviladb.client;

import java.util.List;

/**
 * Proof of a write: where it stands in which log.
 *
 * @param version 16 hexadecimal digits of hybrid time, a dash, the region's incarnation
 * @param regions that had the write on a majority's disks when the answer was made
 */
public record Receipt(String region, int group, long term, long index, String version, List<String> regions) {
    public Receipt {
        regions = List.copyOf(regions);
    }
}
