package io.aviladb.chaos.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final Plan LARGE = new Plan(3, 1_000, 3, 3, 2, EnumSet.allOf(Fault.class));

    @Test
    void whatIsNotNeededGoes() {
        Plan small = new Shrinker(plan -> plan.faults().contains(Fault.CRASH) && plan.regions() > 1 && plan.events() >= 300).shrink(LARGE);
        assertThat(small.faults()).containsExactly(Fault.CRASH);
        assertThat(small.regions()).isEqualTo(2);
        assertThat(small.nodes()).isEqualTo(1);
        assertThat(small.clients()).isEqualTo(1);
        assertThat(small.events()).isBetween(300, 400);
        assertThat(small.seed()).isEqualTo(3);
    }

    @Test
    void whatFailsOnlyAsItIsStays() {
        assertThat(new Shrinker(LARGE::equals).shrink(LARGE)).isEqualTo(LARGE);
    }

    @Test
    void aPlansTextIsThePlan() {
        assertThat(Plan.parse(LARGE.text())).isEqualTo(LARGE);
        Plan plain = new Plan(-5, 10, 1, 1, 1, EnumSet.noneOf(Fault.class));
        assertThat(Plan.parse(plain.text())).isEqualTo(plain);
    }
}
