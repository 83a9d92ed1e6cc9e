package io.aviladb.storage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.WriteBatch;

class WriteSetTest {
    private static final Family[] FAMILIES = {Family.HEADS, Family.DEDUP, Family.META};

    /** What a set says of rows, and a copy of it at a savepoint. */
    private record Saved(WriteSet.Savepoint at, Map<String, Optional<String>> rows) {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void check(WriteSet set, Map<String, Optional<String>> rows, int keys) {
        for (Family family : FAMILIES) {
            for (int key = 0; key < keys; key++) {
                WriteSet.Change change = set.change(family, bytes("k" + key));
                Optional<String> expected = rows.get(family + "k" + key);
                if (expected == null) {
                    assertThat(change).isNull();
                } else {
                    assertThat(Objects.requireNonNull(change).value()).isEqualTo(expected.map(WriteSetTest::bytes).orElse(null));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void lastChangeOfARowCountsAndRollbackBringsTheOneBeforeBack(long seed) {
        Random random = new Random(seed);
        int keys = 40 + random.nextInt(400);
        WriteSet set = new WriteSet();
        Map<String, Optional<String>> rows = new HashMap<>();
        ArrayDeque<Saved> saved = new ArrayDeque<>();
        for (int step = 0; step < 3_000; step++) {
            Family family = FAMILIES[random.nextInt(FAMILIES.length)];
            String key = "k" + random.nextInt(keys);
            switch (random.nextInt(20)) {
                case 0 -> saved.push(new Saved(set.savepoint(), new HashMap<>(rows)));
                case 1 -> {
                    if (!saved.isEmpty()) {
                        Saved back = saved.pop();
                        set.rollback(back.at());
                        rows = back.rows();
                    }
                }
                case 2, 3, 4 -> {
                    set.delete(family, bytes(key));
                    rows.put(family + key, Optional.empty());
                }
                default -> {
                    set.put(family, bytes(key), bytes("v" + step));
                    rows.put(family + key, Optional.of("v" + step));
                }
            }
        }
        check(set, rows, keys);
    }

    @Test
    void rowThatIsChangedTwiceIsVisitedOnceAsItIsAtLast() {
        WriteSet set = new WriteSet();
        set.put(Family.HEADS, bytes("a"), bytes("1"));
        set.put(Family.HEADS, bytes("b"), bytes("2"));
        set.put(Family.DEDUP, bytes("a"), bytes("elsewhere"));
        set.delete(Family.HEADS, bytes("a"));
        Map<String, Optional<String>> visited = new HashMap<>();
        set.forEach(Family.HEADS, (key, change) -> assertThat(visited.put(new String(key, StandardCharsets.UTF_8),
                Optional.ofNullable(change.value()).map(value -> new String(value, StandardCharsets.UTF_8)))).isNull());
        assertThat(visited).containsOnly(Map.entry("a", Optional.empty()), Map.entry("b", Optional.of("2")));
    }

    @Test
    void rollbackTakesIntervalsBackTooAndRefusesAVoidSavepoint() {
        WriteSet set = new WriteSet();
        WriteSet.Savepoint empty = set.savepoint();
        set.put(Family.META, bytes("a"), bytes("1"));
        set.deleteInterval(Family.FEED, bytes("a"), bytes("b"));
        WriteSet.Savepoint later = set.savepoint();
        set.rollback(empty);
        assertThat(set.isEmpty()).isTrue();
        assertThat(set.change(Family.META, bytes("a"))).isNull();
        assertThatThrownBy(() -> set.rollback(later)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytesAreThoseThatTheEngineItselfWouldMake(@TempDir Path directory) throws Exception {
        WriteSet set = new WriteSet();
        Random random = new Random(7);
        set.deleteInterval(Family.FEED, bytes("from"), bytes("to"));
        set.deleteInterval(Family.META, bytes("from"), bytes("to"));
        for (Family family : Family.values()) {
            for (int size : new int[]{0, 1, 127, 128, 16_383, 16_384, 70_000, 2_097_152}) {
                byte[] value = new byte[size];
                random.nextBytes(value);
                set.put(family, Arrays.copyOf(value, Math.min(size, 300)), value);
            }
            set.delete(family, bytes("gone"));
        }
        try (SharedEngine shared = SharedEngine.create(EngineOptions.DEFAULT);
                OpenedStore store = OpenedStore.open(directory.resolve("db"), EnumSet.allOf(Family.class), shared);
                WriteBatch batch = new WriteBatch()) {
            batch.deleteRange(store.handle(Family.FEED), bytes("from"), bytes("to"));
            batch.deleteRange(store.handle(Family.META), bytes("from"), bytes("to"));
            for (WriteSet.Change change : set.changes()) {
                byte[] value = change.value();
                if (value == null) {
                    batch.delete(store.handle(change.family()), change.key());
                } else {
                    batch.put(store.handle(change.family()), change.key(), value);
                }
            }
            assertThat(BatchBytes.of(set, store::number)).isEqualTo(batch.data());
        }
    }
}
