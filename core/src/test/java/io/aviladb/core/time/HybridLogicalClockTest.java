package io.aviladb.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HybridLogicalClockTest {
    private final AtomicLong wall = new AtomicLong(1_000);

    private HybridLogicalClock clock() {
        return new HybridLogicalClock(new Clock() {
            @Override
            public long millis() {
                return wall.get();
            }

            @Override
            public long nanos() {
                return wall.get() * 1_000_000;
            }
        });
    }

    @Test
    void readingsRiseThroughJumpsOfTheWallClock() {
        long seed = Long.getLong("avila.seed", 1);
        Random random = new Random(seed);
        HybridLogicalClock clock = clock();
        HybridTimestamp last = HybridTimestamp.ZERO;
        for (int i = 0; i < 100_000; i++) {
            wall.set(Math.max(0, wall.get() + random.nextInt(2_001) - 1_000));
            if (random.nextInt(10) == 0) {
                clock.observe(HybridTimestamp.of(random.nextInt(5_000), random.nextInt(0x10000)));
            }
            HybridTimestamp now = clock.now();
            assertThat(now.isAfter(last)).as("seed %s step %s: %s after %s", seed, i, now, last).isTrue();
            last = now;
        }
    }

    @Test
    void aReadingLiesAboveWhatWasObserved() {
        HybridLogicalClock clock = clock();
        HybridTimestamp ahead = HybridTimestamp.of(9_000, 0xFFFF);
        clock.observe(ahead);
        assertThat(clock.now()).isEqualTo(HybridTimestamp.of(9_001, 0));
        clock.observe(HybridTimestamp.ofMillis(5));
        assertThat(clock.now()).isEqualTo(HybridTimestamp.of(9_001, 1));
        wall.set(10_000);
        assertThat(clock.now()).isEqualTo(HybridTimestamp.ofMillis(10_000));
    }

    @Test
    void noReadingIsGivenTwiceToAnyThread() throws Exception {
        HybridLogicalClock clock = clock();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CyclicBarrier together = new CyclicBarrier(4); // threads that come one after the other prove nothing
        try {
            List<Callable<List<HybridTimestamp>>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                readers.add(() -> {
                    List<HybridTimestamp> mine = new ArrayList<>(200_000);
                    together.await();
                    for (int j = 0; j < 200_000; j++) {
                        mine.add(clock.now());
                    }
                    return mine;
                });
            }
            Set<HybridTimestamp> all = new HashSet<>();
            for (Future<List<HybridTimestamp>> reader : threads.invokeAll(readers)) {
                assertThat(reader.get()).isSorted();
                all.addAll(reader.get());
            }
            assertThat(all).hasSize(800_000);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void timestampsAreOrderedAsUnsignedNumbers() {
        assertThat(HybridTimestamp.MAX.isAfter(HybridTimestamp.of(HybridTimestamp.MAX_MILLIS, 0))).isTrue();
        assertThat(HybridTimestamp.of(5, 0xFFFF).next()).isEqualTo(HybridTimestamp.ofMillis(6));
        assertThat(HybridTimestamp.of(7, 9).millis()).isEqualTo(7);
        assertThat(HybridTimestamp.of(7, 9).counter()).isEqualTo(9);
    }
}
