package io.aviladb.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.random.RandomSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final RandomSource HIGHEST = new RandomSource() {
        @Override
        public long nextLong() {
            return -1;
        }

        @Override
        public int nextInt(int bound) {
            return bound - 1;
        }
    };

    @Test
    void theLimitDoublesAndStopsDoubling() {
        assertThat(Backoff.before(1, Duration.ZERO, HIGHEST)).isEqualTo(Duration.ofMillis(100));
        assertThat(Backoff.before(2, Duration.ZERO, HIGHEST)).isEqualTo(Duration.ofMillis(200));
        assertThat(Backoff.before(3, Duration.ZERO, HIGHEST)).isEqualTo(Duration.ofMillis(400));
        assertThat(Backoff.before(40, Duration.ZERO, HIGHEST)).isEqualTo(Duration.ofMillis(3_200));
        assertThat(Backoff.before(1, Duration.ofSeconds(1), HIGHEST)).isEqualTo(Duration.ofMillis(1_100));
    }

    @Test
    void aBudgetThatIsSpentFillsWithTimeAndTraffic() {
        AtomicLong now = new AtomicLong();
        RetryBudget budget = new RetryBudget(now::get);
        for (int i = 0; i < RetryBudget.MOST; i++) {
            assertThat(budget.tryRetry()).isTrue();
        }
        assertThat(budget.tryRetry()).isFalse();
        now.addAndGet(Duration.ofMillis(100).toNanos());
        assertThat(budget.tryRetry()).isTrue();
        assertThat(budget.tryRetry()).isFalse();
        for (int i = 0; i < 11; i++) {
            budget.operationBegan();
        }
        assertThat(budget.tryRetry()).isTrue();
        assertThat(budget.tryRetry()).isFalse();
    }
}
