package io.aviladb.router.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.proto.node.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two tellings of who owns what, in whatever order they come, give the present owners. */
class RangeMapTest {
    private static Topology.Range range(long number, long epoch, int from, int to) {
        return new Topology.Range(new RangeRef(number, epoch), 1, new KeyRange(new byte[]{(byte) from}, new byte[]{(byte) to}), 101);
    }

    @Test
    void aGroupThatHasSplitIsBelievedOverTheMap() {
        List<Topology.Range> map = List.of(range(1, 1, 0, 10), range(9, 1, 10, 20));
        List<Topology.Range> log = List.of(range(1, 2, 0, 4), range(2, 2, 4, 10));
        assertThat(Topology.newest(map, log)).containsExactly(range(1, 2, 0, 4), range(2, 2, 4, 10), range(9, 1, 10, 20));
        assertThat(Topology.newest(log, map)).as("the other way round nothing changes").isSameAs(log);
    }

    @Test
    void aReplicaThatIsBehindBringsNothingBack() {
        List<Topology.Range> map = List.of(range(1, 3, 0, 10));
        assertThat(Topology.newest(map, List.of(range(1, 2, 0, 4), range(2, 2, 4, 10)))).isSameAs(map);
        assertThat(Topology.newest(List.of(), List.of(range(1, 2, 0, 4)))).as("the collection was dropped").isEmpty();
    }

    @Test
    void anyTwoMomentsOfOneHistoryGiveTheLater() {
        Random random = new Random(8);
        for (int run = 0; run < 200; run++) {
            List<List<Topology.Range>> history = history(random);
            for (List<Topology.Range> one : history) {
                for (List<Topology.Range> other : history) {
                    List<Topology.Range> later = history.indexOf(one) > history.indexOf(other) ? one : other;
                    assertThat(Topology.newest(one, other)).isEqualTo(later);
                }
            }
        }
    }

    private static List<List<Topology.Range>> history(Random random) {
        List<List<Topology.Range>> history = new ArrayList<>();
        List<Topology.Range> now = new ArrayList<>(List.of(range(1, 1, 0, 100)));
        long next = 2;
        for (int step = 0; step < 12; step++) {
            history.add(now.stream().sorted((a, b) -> Long.compare(a.ref().range(), b.ref().range())).toList());
            now.sort((a, b) -> Arrays.compareUnsigned(a.keys().start(), b.keys().start()));
            int index = random.nextInt(now.size());
            Topology.Range range = now.get(index);
            int from = range.keys().start()[0];
            int to = range.keys().end()[0];
            if (random.nextBoolean() && to - from > 1) {
                int at = from + 1 + random.nextInt(to - from - 1);
                now.set(index, range(range.ref().range(), range.ref().epoch() + 1, from, at));
                now.add(range(next++, range.ref().epoch() + 1, at, to));
            } else if (index + 1 < now.size()) {
                Topology.Range right = now.remove(index + 1);
                RangeRef merged = range.ref().mergedWith(right.ref());
                now.set(index, range(merged.range(), merged.epoch(), from, right.keys().end()[0]));
            }
        }
        return history;
    }
}
