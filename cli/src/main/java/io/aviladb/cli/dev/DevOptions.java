package io.aviladb.cli.dev;

import io.aviladb.core.region.RegionId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code aviladb dev} was asked for.
 *
 * @param regions empty: what the data have, else the default
 * @param nodesPerRegion 0: what the data have, else the default
 * @param temporary whether the data go at the end
 * @param command how the user calls the command, for what is shown to be tried
 */
public record DevOptions(List<RegionId> regions, int nodesPerRegion, Path data, boolean temporary, int port, String roundTrips,
        boolean processes, Optional<String> load, Optional<Path> readyFile, String command) {
    static final List<RegionId> DEFAULT_REGIONS = List.of(new RegionId("sa-east-1"), new RegionId("us-east-1"), new RegionId("eu-west-1"));
    static final int DEFAULT_NODES = 3;

    public DevOptions {
        regions = List.copyOf(regions);
    }
}
