package io.aviladb.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.proto.node.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegionMapTest {
    private static final RegionId REGION = new RegionId("sa-east-1");
    private static final int COLLECTION = 7;
    private static final KeyRange ALL = KeyRange.collection(COLLECTION);
    private static final byte[] MIDDLE = {0, 0, 0, COLLECTION, 5};
    private static final Topology.Range WHOLE = range(1, 1, ALL);
    private static final Topology.Range LEFT = range(1, 2, new KeyRange(ALL.start(), MIDDLE));
    private static final Topology.Range RIGHT = range(2, 2, new KeyRange(MIDDLE, ALL.end()));

    @Test
    void aNewerMapTakesThePlaceOfAnOlderOne() {
        assertThat(map(4, WHOLE).with(topology(5, LEFT, RIGHT)).within(COLLECTION, ALL)).containsExactly(LEFT, RIGHT);
    }

    @Test
    void aNewerMapDoesNotBringBackAnOlderEpoch() {
        RegionMap split = map(4, LEFT, RIGHT); // a group's log told of the split before the map heard of it
        RegionMap newer = split.with(topology(5, WHOLE));
        assertThat(newer.mapVersion()).isEqualTo(5);
        assertThat(newer.within(COLLECTION, ALL)).containsExactly(LEFT, RIGHT);
    }

    @Test
    void anOlderMapAddsTheHigherEpochsThatItsNodeKnows() {
        RegionMap known = map(5, WHOLE).with(topology(4, LEFT, RIGHT));
        assertThat(known.mapVersion()).isEqualTo(5);
        assertThat(known.within(COLLECTION, ALL)).containsExactly(LEFT, RIGHT);
    }

    @Test
    void anOlderMapBringsNoOlderEpoch() {
        assertThat(map(5, LEFT, RIGHT).with(topology(4, WHOLE)).within(COLLECTION, ALL)).containsExactly(LEFT, RIGHT);
    }

    private static RegionMap map(long version, Topology.Range... ranges) {
        return RegionMap.of(REGION, topology(version, ranges));
    }

    private static Topology topology(long mapVersion, Topology.Range... ranges) {
        return new Topology(1, new NodeId(REGION, 1), 1, mapVersion, new byte[]{1}, List.of(), List.of(), List.of(), List.of(),
                List.of(ranges), List.of());
    }

    private static Topology.Range range(long number, long epoch, KeyRange keys) {
        return new Topology.Range(new RangeRef(number, epoch), COLLECTION, keys, 101);
    }
}
