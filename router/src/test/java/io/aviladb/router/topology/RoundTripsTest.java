package io.aviladb.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.region.NodeId;
import io.aviladb.router.fake.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoundTripsTest {
    private static final NodeId ONE = NodeId.parse("sa-east-1/1");
    private static final NodeId TWO = NodeId.parse("sa-east-1/2");
    private static final NodeId THREE = NodeId.parse("sa-east-1/3");
    private static final long MILLI = 1_000_000;

    private final VirtualTime time = new VirtualTime();
    private final RoundTrips trips = new RoundTrips(time);

    @BeforeEach
    void allAreWell() {
        for (NodeId node : new NodeId[]{ONE, TWO, THREE}) {
            for (int i = 0; i < 30; i++) {
                answer(node, MILLI);
            }
        }
    }

    private void answer(NodeId node, long nanos) {
        trips.began(node);
        trips.measured(node, nanos);
    }

    @Test
    void anAnswerThatNobodyWaitedForCountsAsMuchAsIsKnownOfIt() {
        for (int i = 0; i < 4; i++) {
            trips.began(TWO);
            trips.atLeast(TWO, 10 * MILLI);
        }
        assertThat(trips.estimate(TWO).mean()).isGreaterThan(3_000);
        assertThat(trips.estimate(TWO).underWay()).isZero();
        trips.began(ONE);
        trips.atLeast(ONE, MILLI / 10);
        assertThat(trips.estimate(ONE).mean()).as("less than usual tells nothing").isEqualTo(1_000);
    }

    @Test
    void atMostHalfAreLeftOutForSlowness() {
        for (int i = 0; i < 60; i++) {
            answer(ONE, 100 * MILLI);
            answer(TWO, 100 * MILLI);
        }
        assertThat(trips.estimate(ONE).out() && trips.estimate(TWO).out()).isFalse();
    }

    @Test
    void aSlowOneComesBackByATrialThatOneReadMakes() {
        for (int i = 0; i < 30; i++) {
            answer(TWO, 100 * MILLI);
        }
        assertThat(trips.estimate(TWO).out()).isTrue();
        assertThat(trips.takesTrial(TWO)).as("its time isn't over").isFalse();
        time.run(Duration.ofMillis(1_100));
        assertThat(trips.takesTrial(TWO)).isTrue();
        assertThat(trips.takesTrial(TWO)).as("one is enough").isFalse();
        answer(TWO, MILLI);
        assertThat(trips.estimate(TWO).out()).isFalse();
        assertThat(trips.estimate(TWO).mean()).isEqualTo(1_000);
    }

    @Test
    void theTailIsNoMoreThanAFifthTooHigh() {
        LatencyWindow window = new LatencyWindow();
        for (int i = 1; i <= 200; i++) {
            window.add(i * 10L, i);
        }
        assertThat(window.quantile(950)).isBetween(1_900L, 2_280L);
        assertThat(window.quantile(500)).isBetween(1_000L, 1_200L);
    }
}
