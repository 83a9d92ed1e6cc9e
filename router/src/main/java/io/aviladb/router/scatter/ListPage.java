package io.aviladb.router.scatter;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.router.route.Served;
import java.util.List;
import java.util.Optional;

/**
 * A page of documents.
 *
 * @param next the key to go on after; empty at the end
 * @param regions what each region that was asked gave: its coverage
 */
public record ListPage(List<ScanReply.Row> rows, Optional<DocumentKey> next, List<RegionPage> regions, VersionVector seen, Served served) {
    public boolean complete() {
        return regions.stream().allMatch(region -> region.missing().isEmpty());
    }
}
