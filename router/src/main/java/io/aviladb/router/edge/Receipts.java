package io.aviladb.router.edge;

import io.aviladb.core.region.RegionId;
import io.aviladb.core.write.UnitAnswer;

/** Names for writes: where the entry is, and its version. */
public final class Receipts {
    private Receipts() {
    }

    public static String id(RegionId region, UnitAnswer.Committed unit) {
        return region + "." + unit.group() + "." + unit.term() + "." + unit.index() + "." + unit.version();
    }
}
