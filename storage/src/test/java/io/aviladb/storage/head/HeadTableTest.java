package io.aviladb.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.version.VersionVector;
import io.aviladb.storage.Stores;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.RowVisitor;
import io.aviladb.storage.engine.SharedEngine;
import io.aviladb.storage.engine.WriteSet;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeadTableTest {
    private final SharedEngine shared = Stores.engine();
    private final Rows rows = new Rows();

    /** The heads family by hand: a sorted map, copied for a snapshot. */
    private static final class Rows implements HeadTable.Source {
        final NavigableMap<byte[], byte[]> map = new TreeMap<>(Arrays::compareUnsigned);
        CountDownLatch scanning = new CountDownLatch(0);
        CountDownLatch go = new CountDownLatch(0);

        @Override
        public synchronized long estimatedRows() {
            return map.size();
        }

        @Override
        public synchronized Snapshot snapshot() {
            NavigableMap<byte[], byte[]> copy = new TreeMap<>(map);
            return new Snapshot() {
                @Override
                public void scan(byte[] from, RowVisitor visitor) {
                    scanning.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    for (var row : copy.entrySet()) {
                        if (!visitor.visit(row.getKey(), row.getValue())) {
                            return;
                        }
                    }
                }

                @Override
                public void close() {
                    // Nothing is held.
                }
            };
        }
    }

    @AfterEach
    void close() {
        shared.close();
    }

    private static byte[] key(int number) {
        return Stores.key("d" + number).bytes();
    }

    private void put(HeadTable table, int number, Head head) {
        WriteSet set = new WriteSet();
        set.put(Family.HEADS, key(number), head.encode());
        synchronized (rows) {
            rows.map.put(key(number), head.encode());
        }
        table.update(set);
    }

    private void remove(HeadTable table, int number) {
        WriteSet set = new WriteSet();
        set.delete(Family.HEADS, key(number));
        synchronized (rows) {
            rows.map.remove(key(number));
        }
        table.update(set);
    }

    private static void awaitState(HeadTable table, HeadTable.State state) {
        Awaitility.await().until(() -> table.statistics().state() == state);
    }

    @Test
    void unaskedTableCostsNothingAndKnowsNothing() {
        try (HeadTable table = HeadTable.over(rows, shared)) {
            assertThat(table.get(key(1))).isInstanceOf(HeadTable.Answer.Unknown.class);
            assertThat(shared.headBytes()).isZero();
            put(table, 1, Stores.head(1));
            awaitState(table, HeadTable.State.COMPLETE);
            assertThat(table.get(key(1))).isEqualTo(new HeadTable.Answer.Present(Stores.head(1)));
            assertThat(table.get(key(2))).isInstanceOf(HeadTable.Answer.Absent.class);
        }
        assertThat(shared.headBytes()).isZero();
    }

    @Test
    void writesDuringABuildWinOverWhatItCopies() throws InterruptedException {
        for (int i = 0; i < 3_000; i++) {
            rows.map.put(key(i), Stores.head(1).encode());
        }
        rows.scanning = new CountDownLatch(1);
        rows.go = new CountDownLatch(1);
        try (HeadTable table = HeadTable.over(rows, shared)) {
            table.rebuild();
            rows.scanning.await();
            put(table, 5, Stores.head(2));
            remove(table, 6);
            remove(table, 7);
            put(table, 7, Stores.head(3));
            put(table, 9_000, Stores.head(4));
            assertThat(table.get(key(5))).as("incomplete tables don't answer").isInstanceOf(HeadTable.Answer.Unknown.class);
            rows.go.countDown();
            awaitState(table, HeadTable.State.COMPLETE);
            for (int i = 0; i < 9_001; i++) {
                byte[] row = rows.map.get(key(i));
                assertThat(table.get(key(i))).as("document %d", i)
                        .isEqualTo(row == null ? new HeadTable.Answer.Absent() : new HeadTable.Answer.Present(Head.decode(row)));
            }
        }
    }

    @Test
    void otherHeadsAreReadFromTheFamily() {
        try (HeadTable table = HeadTable.over(rows, shared)) {
            put(table, 1, Stores.head(1));
            awaitState(table, HeadTable.State.COMPLETE);
            put(table, 1, new Head(VersionVector.of(Stores.HOME, Stores.at(9)), List.of(Stores.version(1)), false, 0, 1));
            assertThat(table.get(key(1))).isInstanceOf(HeadTable.Answer.Unknown.class);
            assertThat(table.get(new byte[HeadMap.MAX_KEY_BYTES + 1])).isInstanceOf(HeadTable.Answer.Unknown.class);
        }
    }

    @Test
    void tableBeyondTheBudgetIsDroppedAndTheFamilyAnswers() {
        try (SharedEngine small = SharedEngine.create(new EngineOptions(1 << 20, 1 << 20, 1).withHeadTableBytes(3_000_000));
                HeadTable table = HeadTable.over(rows, small)) {
            put(table, 0, Stores.head(1));
            awaitState(table, HeadTable.State.COMPLETE);
            for (int i = 1; i < 24_000; i++) {
                put(table, i, Stores.head(1));
            }
            assertThat(table.statistics().state()).isEqualTo(HeadTable.State.DROPPED);
            assertThat(table.get(key(1))).isInstanceOf(HeadTable.Answer.Unknown.class);
            assertThat(small.headBytes()).isZero();
        }
    }

    @Test
    void tableWithDamagedRowIsDroppedAndBuiltAgain() {
        try (HeadTable table = HeadTable.over(rows, shared)) {
            put(table, 1, Stores.head(1));
            awaitState(table, HeadTable.State.COMPLETE);
            WriteSet wrong = new WriteSet();
            wrong.put(Family.HEADS, key(1), new byte[32]); // not what the family holds
            table.update(wrong);
            assertThat(table.get(key(1))).isInstanceOf(HeadTable.Answer.Unknown.class);
            awaitState(table, HeadTable.State.COMPLETE);
            assertThat(table.get(key(1))).isEqualTo(new HeadTable.Answer.Present(Stores.head(1)));
            assertThat(table.statistics().drops()).isEqualTo(1);
        }
    }
}
