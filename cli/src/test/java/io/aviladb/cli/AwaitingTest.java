package io.aviladb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitingTest {
    private static final Duration OFTEN = Duration.ofMillis(1);

    @Test
    void waitEndsWithTheFirstLookThatFindsIt() throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        int found = Awaiting.present(OFTEN, () -> Optional.of(looks.incrementAndGet()).filter(number -> number == 5));
        assertThat(found).isEqualTo(5);
        assertThat(looks).hasValue(5);
    }

    @Test
    void whatIsThereAlreadyNeedsNoTime() throws InterruptedException {
        assertThat(Awaiting.holds(Duration.ofDays(1), Duration.ofNanos(1), () -> true)).isTrue();
    }

    @Test
    void waitThatIsOverSaysSo() throws InterruptedException {
        assertThat(Awaiting.holds(OFTEN, Duration.ofMillis(20), () -> false)).isFalse();
    }

    @Test
    void exceptionOfALaterLookEndsTheWait() {
        AtomicInteger looks = new AtomicInteger();
        assertThatThrownBy(() -> Awaiting.holds(OFTEN, () -> {
            if (looks.incrementAndGet() == 3) {
                throw CommandFailure.failed("gone", "");
            }
            return false;
        })).hasMessageContaining("gone");
    }
}
