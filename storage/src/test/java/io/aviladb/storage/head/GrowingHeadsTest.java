package io.aviladb.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.storage.Stores;
import io.aviladb.storage.engine.SharedEngine;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class GrowingHeadsTest {
    private static byte[] key(int number) {
        return Stores.key("document-" + number).bytes();
    }

    private static byte[] value(long number) {
        return ByteBuffer.allocate(HeadCodec.BYTES).putLong(number).array();
    }

    @Test
    void equalsAModelThroughGrowthsWhileAReaderMissesNothingAndNeverGoesBack() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int fixed = 500; // keys that are never removed: a reader must always find them
        int keys = 40_000;
        try (SharedEngine shared = Stores.engine(); GrowingHeads heads = new GrowingHeads(4_096, shared)) {
            for (int i = 0; i < fixed; i++) {
                heads.put(key(i), value(0));
            }
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> read(heads, fixed, stop));
            Map<Integer, Long> model = new HashMap<>();
            for (long step = 1; step <= 200_000; step++) {
                int number = random.nextInt(keys);
                if (number >= fixed && random.nextInt(5) == 0) {
                    heads.remove(key(number));
                    model.remove(number);
                } else {
                    heads.put(key(number), value(step));
                    model.put(number, step);
                }
                if (step % 64 == 0) {
                    heads.maintain();
                }
            }
            stop.set(true);
            assertThat(reader.join()).as("reads, seed %d", seed).isPositive();
            byte[] found = new byte[HeadCodec.BYTES];
            for (int i = 0; i < keys; i++) {
                Long expected = i < fixed ? Long.valueOf(model.getOrDefault(i, 0L)) : model.get(i);
                assertThat(heads.get(key(i), found)).as("key %d, seed %d", i, seed)
                        .isEqualTo(expected == null ? GrowingHeads.Found.NO : GrowingHeads.Found.YES);
                if (expected != null) {
                    assertThat(found).as("key %d, seed %d", i, seed).isEqualTo(value(expected));
                }
            }
            assertThat(heads.size()).isGreaterThan(4 * 4_096); // it has grown more than once
        }
    }

    private static long read(GrowingHeads heads, int keys, AtomicBoolean stop) {
        long[] last = new long[keys];
        byte[] found = new byte[HeadCodec.BYTES];
        long reads = 0;
        for (; !stop.get(); reads++) {
            int number = (int) (reads % keys);
            assertThat(heads.get(key(number), found)).isEqualTo(GrowingHeads.Found.YES);
            long now = ByteBuffer.wrap(found).getLong();
            assertThat(now).isGreaterThanOrEqualTo(last[number]);
            last[number] = now;
        }
        return reads;
    }

    @Test
    void closingGivesTheMemoryBackAndReadersLearnOfIt() {
        try (SharedEngine shared = Stores.engine()) {
            GrowingHeads heads = new GrowingHeads(4_096, shared);
            assertThat(shared.headBytes()).isPositive();
            heads.close();
            heads.close();
            assertThat(shared.headBytes()).isZero();
            assertThat(heads.get(key(1), new byte[HeadCodec.BYTES])).isEqualTo(GrowingHeads.Found.CLOSED);
        }
    }

    @Test
    void olderHeadFromABuildNeverHidesOneThatIsMoving() {
        try (SharedEngine shared = Stores.engine(); GrowingHeads heads = new GrowingHeads(4_096, shared)) {
            byte[] found = new byte[HeadCodec.BYTES];
            for (int i = 0; i < 8_000; i++) {
                heads.put(key(i), value(2));
                heads.putIfAbsent(key(i / 2), value(1));
            }
            for (int i = 0; i < 8_000; i++) {
                assertThat(heads.get(key(i), found)).isEqualTo(GrowingHeads.Found.YES);
                assertThat(found).isEqualTo(value(2));
            }
        }
    }
}
