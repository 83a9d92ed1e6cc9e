package io.aviladb.router.query;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionId;

/**
 * What a query did in one range.
 *
 * @param documents that were live and were looked at
 * @param bytes of those that had to be read
 * @param rows or groups that it sent
 * @param micros that it took at the node, waiting included
 */
public record RangeRun(RegionId region, String node, KeyRange interval, long documents, long bytes, int rows, long micros) {}
