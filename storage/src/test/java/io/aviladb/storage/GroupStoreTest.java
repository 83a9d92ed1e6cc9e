package io.aviladb.storage;

import static io.aviladb.storage.Stores.ALL;
import static io.aviladb.storage.Stores.AWAY;
import static io.aviladb.storage.Stores.HOME;
import static io.aviladb.storage.Stores.applied;
import static io.aviladb.storage.Stores.at;
import static io.aviladb.storage.Stores.bytes;
import static io.aviladb.storage.Stores.head;
import static io.aviladb.storage.Stores.key;
import static io.aviladb.storage.Stores.put;
import static io.aviladb.storage.Stores.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.Version;
import io.aviladb.storage.engine.SharedEngine;
import io.aviladb.storage.engine.StorageException;
import io.aviladb.storage.feed.FeedTrimmedException;
import io.aviladb.storage.version.VersionRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupStoreTest {
    @TempDir
    Path directory;
    SharedEngine shared;
    GroupStore store;

    @BeforeEach
    void open() throws IOException {
        shared = Stores.engine();
        store = GroupStore.open(directory.resolve("db"), shared);
    }

    @AfterEach
    void close() {
        store.close();
        shared.close();
    }

    void reopen() throws IOException {
        store.close();
        store = GroupStore.open(directory.resolve("db"), shared);
    }

    @Test
    void newStoreHasAppliedNothing() {
        assertThat(store.applied()).isEqualTo(Applied.NOTHING);
        assertThat(store.head(key("a"))).isNull();
        assertThat(store.sizeBytes()).isNotNegative();
    }

    @Test
    void committedRowsAndPositionSurviveReopening() throws IOException {
        put(store, 7, "a", "body");
        reopen();
        assertThat(store.applied()).isEqualTo(applied(7));
        assertThat(store.head(key("a"))).isEqualTo(head(7));
        assertThat(store.version(key("a"), version(7))).isEqualTo(bytes("body"));
    }

    @Test
    void batchReadsItsOwnWritesAndNobodyElseDoes() {
        put(store, 1, "a", "old");
        try (Batch batch = store.begin()) {
            batch.putHead(key("a"), head(2));
            batch.deleteVersion(key("a"), version(1));
            batch.putVersion(key("a"), version(2), bytes("new"));
            batch.putDedup(key("a"), bytes("client"), bytes("answer"));
            batch.putMeta(bytes("cursor"), bytes("9"));
            assertThat(batch.head(key("a"))).isEqualTo(head(2));
            assertThat(batch.version(key("a"), version(1))).isNull();
            assertThat(batch.version(key("a"), version(2))).isEqualTo(bytes("new"));
            assertThat(batch.dedup(key("a"), bytes("client"))).isEqualTo(bytes("answer"));
            assertThat(batch.meta(bytes("cursor"))).isEqualTo(bytes("9"));
            batch.deleteHead(key("a"));
            assertThat(batch.head(key("a"))).isNull();
            batch.deleteDedup(key("a"), bytes("client"));
            assertThat(batch.dedup(key("a"), bytes("client"))).isNull();
            assertThat(store.head(key("a"))).isEqualTo(head(1));
            assertThat(store.version(key("a"), version(1))).isEqualTo(bytes("old"));
        }
        assertThat(store.head(key("a"))).as("a batch without commit").isEqualTo(head(1));
        assertThat(store.applied()).isEqualTo(applied(1));
    }

    @Test
    void rollbackRestoresRowsAndReadsOfTheUnitBefore() {
        put(store, 1, "a", "x");
        try (Batch batch = store.begin()) {
            batch.putHead(key("a"), head(2));
            batch.putMeta(bytes("m"), bytes("1"));
            var before = batch.savepoint();
            batch.putHead(key("a"), head(3));
            batch.deleteMeta(bytes("m"));
            batch.putVersion(key("b"), version(3), bytes("b"));
            batch.deleteFeedThrough(at(1));
            batch.rollback(before);
            assertThat(batch.head(key("a"))).isEqualTo(head(2));
            assertThat(batch.meta(bytes("m"))).isEqualTo(bytes("1"));
            assertThat(batch.version(key("b"), version(3))).isNull();
            batch.commit(applied(2));
        }
        assertThat(store.head(key("a"))).isEqualTo(head(2));
        assertThat(store.meta(bytes("m"))).isEqualTo(bytes("1"));
        assertThat(store.version(key("b"), version(3))).isNull();
        assertThat(feed(HybridTimestamp.ZERO, at(9))).containsExactly("1/0");
    }

    @Test
    void recordsOfConflictsAreReadByDocumentNewestFirstAndPageByPage() {
        ConflictId one = new ConflictId(key("a"), version(1), version(2));
        ConflictId two = new ConflictId(key("a"), version(1), version(3));
        ConflictId other = new ConflictId(key("b"), version(1), version(2));
        byte[] before = store.stateHash(ALL);
        try (Batch batch = store.begin()) {
            List.of(one, two, other).forEach(id -> batch.putConflict(id, bytes(id.toString())));
            batch.commit(applied(1));
        }
        List<ConflictId> seen = new ArrayList<>();
        store.scanConflicts(ALL, null, (id, row) -> seen.add(id) && new String(row, StandardCharsets.UTF_8).equals(id.toString()));
        assertThat(seen).containsExactly(two, one, other);
        seen.clear();
        store.scanConflicts(KeyRange.prefix(key("a").bytes()), two, (id, row) -> seen.add(id));
        assertThat(seen).containsExactly(one);
        assertThat(store.conflict(other)).isEqualTo(bytes(other.toString()));
        assertThat(store.stateHash(ALL)).isNotEqualTo(before);
        try (Batch batch = store.begin()) {
            batch.deleteConflict(other);
            batch.commit(applied(2));
        }
        assertThat(store.conflict(other)).isNull();
    }

    @Test
    void positionNeverFallsAndCommitsOnce() {
        put(store, 5, "a", "x");
        assertThatThrownBy(() -> put(store, 5, "a", "y")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.begin().commit(new Applied(1, 6, at(4)))).isInstanceOf(IllegalStateException.class);
        Batch batch = store.begin();
        batch.commit(applied(6));
        assertThatThrownBy(() -> batch.commit(applied(7))).isInstanceOf(IllegalStateException.class);
        assertThat(store.applied()).isEqualTo(applied(6));
    }

    @Test
    void newestVersionIsTheRegionsHighestAtOrBelow() {
        try (Batch batch = store.begin()) {
            for (long millis : new long[]{10, 20, 30}) {
                batch.putVersion(key("a"), new Version(at(millis), HOME), bytes("home" + millis));
            }
            batch.putVersion(key("a"), new Version(at(20), AWAY), bytes("away20"));
            batch.putVersion(key("ab"), new Version(at(15), AWAY), bytes("other document"));
            batch.commit(applied(30));
        }
        VersionRow row = Objects.requireNonNull(store.newestVersion(key("a"), HOME, at(29)));
        assertThat(row.version()).isEqualTo(new Version(at(20), HOME));
        assertThat(row.body()).isEqualTo(bytes("home20"));
        assertThat(store.newestVersion(key("a"), HOME, at(9))).isNull();
        assertThat(store.newestVersion(key("a"), AWAY, at(19))).isNull();
        List<String> seen = new ArrayList<>();
        store.scanVersions(key("a"), HybridTimestamp.MAX, (document, version, body) -> seen.add(new String(body)));
        assertThat(seen).containsExactly("home30", "home20", "away20", "home10");
        seen.clear();
        store.scanVersions(ALL, key("a"), (document, version, body) -> seen.add(new String(body)));
        assertThat(seen).containsExactly("other document");
    }

    @Test
    void headsArePagedInKeyOrderWithinTheInterval() {
        List<String> ids = List.of("a", "b", "c", "d", "e");
        for (int i = 0; i < ids.size(); i++) {
            put(store, i + 1, ids.get(i), "x");
        }
        List<DocumentKey> page = new ArrayList<>();
        store.scanHeads(new KeyRange(key("b").bytes(), key("e").bytes()), key("b"), (key, head) -> {
            page.add(key);
            return page.size() < 2;
        });
        assertThat(page).containsExactly(key("c"), key("d"));
        page.clear();
        store.scanHeads(new KeyRange(key("b").bytes(), key("d").bytes()), key("d"), (key, head) -> page.add(key));
        assertThat(page).isEmpty();
    }

    @Test
    void viewStaysAtItsPoint() {
        put(store, 1, "a", "x");
        try (ReadView view = store.view()) {
            put(store, 2, "a", "y");
            put(store, 3, "b", "z");
            assertThat(view.applied()).isEqualTo(applied(1));
            assertThat(view.head(key("a"))).isEqualTo(head(1));
            assertThat(view.head(key("b"))).isNull();
            assertThat(view.version(key("a"), version(2))).isNull();
            List<DocumentKey> keys = new ArrayList<>();
            view.scanHeads(ALL, null, (key, head) -> keys.add(key));
            assertThat(keys).containsExactly(key("a"));
        }
        assertThat(store.head(key("b"))).isEqualTo(head(3));
    }

    @Test
    void feedIsReadAfterAndThroughAndRefusedBelowTheTrim() {
        for (int i = 1; i <= 5; i++) {
            try (Batch batch = store.begin()) {
                batch.putFeed(at(i), 1, bytes("second"));
                batch.putFeed(at(i), 0, bytes("first"));
                batch.commit(applied(i));
            }
        }
        assertThat(feed(at(2), at(4))).containsExactly("3/0", "3/1", "4/0", "4/1");
        assertThat(feed(at(4), at(4))).isEmpty();
        assertThat(feed(at(5), HybridTimestamp.MAX)).isEmpty();
        try (Batch batch = store.begin()) {
            batch.deleteFeedThrough(at(3));
            batch.deleteFeedThrough(at(2));
            assertThat(batch.feedTrimmedThrough()).isEqualTo(at(3));
            batch.commit(applied(6));
        }
        assertThat(store.feedTrimmedThrough()).isEqualTo(at(3));
        assertThat(feed(at(3), at(9))).containsExactly("4/0", "4/1", "5/0", "5/1");
        assertThatThrownBy(() -> feed(at(2), at(9))).isInstanceOf(FeedTrimmedException.class);
    }

    private List<String> feed(HybridTimestamp after, HybridTimestamp through) {
        List<String> rows = new ArrayList<>();
        store.scanFeed(after, through, (stamp, position, row) -> rows.add(stamp.millis() + "/" + position));
        return rows;
    }

    @Test
    void dedupRowsOfAnIntervalKeepTheirKeysApart() {
        try (Batch batch = store.begin()) {
            batch.putDedup(key("a"), bytes("client-1"), bytes("one"));
            batch.putDedup(key("a"), new byte[0], bytes("empty"));
            batch.putDedup(key("b"), bytes("client-1"), bytes("two"));
            batch.commit(applied(1));
        }
        List<String> rows = new ArrayList<>();
        store.scanDedup(KeyRange.prefix(key("a").bytes()), (key, rowKey, row) -> {
            assertThat(key).isEqualTo(key("a"));
            return rows.add(new String(rowKey) + "=" + new String(row));
        });
        assertThat(rows).containsExactlyInAnyOrder("client-1=one", "=empty");
        assertThat(store.dedup(key("b"), bytes("client-1"))).isEqualTo(bytes("two"));
    }

    @Test
    void metaNamesAreScannedByPrefixAndNeverMeetTheStoresOwn() {
        try (Batch batch = store.begin()) {
            batch.putMeta(bytes("range/1"), bytes("x"));
            batch.putMeta(bytes("range/2"), bytes("y"));
            batch.putMeta(MetaRows.APPLIED, bytes("mine"));
            batch.commit(applied(1));
        }
        List<String> rows = new ArrayList<>();
        store.scanMeta(bytes("range/"), (name, value) -> rows.add(new String(name) + "=" + new String(value)));
        assertThat(rows).containsExactly("range/1=x", "range/2=y");
        assertThat(store.meta(MetaRows.APPLIED)).isEqualTo(bytes("mine"));
        assertThat(store.applied()).isEqualTo(applied(1));
    }

    @Test
    void stateHashIgnoresFlushesAndTheFeedAndSeesEveryBody() throws IOException {
        try (GroupStore other = GroupStore.open(directory.resolve("other"), shared)) {
            for (int i = 1; i <= 50; i++) {
                put(store, i, "d" + i % 7, "body".repeat(i * 10));
                put(other, i, "d" + i % 7, "body".repeat(i * 10));
                if (i % 10 == 0) {
                    other.flush();
                }
            }
            try (Batch batch = other.begin()) {
                batch.deleteFeedThrough(at(20));
                batch.commit(applied(51));
            }
            assertThat(other.stateHash(ALL)).isEqualTo(store.stateHash(ALL));
            KeyRange some = new KeyRange(key("d1").bytes(), key("d3").bytes());
            assertThat(other.stateHash(some)).isEqualTo(store.stateHash(some)).isNotEqualTo(store.stateHash(ALL));
            try (Batch batch = other.begin()) {
                batch.putVersion(key("d2"), version(44), bytes("different"));
                batch.commit(applied(52));
            }
            assertThat(other.stateHash(some)).isNotEqualTo(store.stateHash(some));
        }
    }

    @Test
    void bodiesOfFourMegabytesComeBackWhole() throws IOException {
        byte[] large = new byte[4 << 20];
        new Random(1).nextBytes(large);
        for (int i = 1; i <= 12; i++) { // more than one window of write buffers
            try (Batch batch = store.begin()) {
                large[0] = (byte) i;
                batch.putVersion(key("large"), version(i), large.clone());
                batch.putHead(key("large"), head(i));
                batch.commit(applied(i));
            }
        }
        reopen();
        large[0] = 5;
        assertThat(store.version(key("large"), version(5))).isEqualTo(large);
        assertThat(store.approximateSize(KeyRange.prefix(key("large").bytes()))).isGreaterThan(40L << 20);
        assertThat(store.sizeBytes()).isGreaterThan(40L << 20);
    }

    @Test
    void closedStoreRefusesInsteadOfCrashing() throws IOException {
        put(store, 1, "a", "x");
        GroupStore other = GroupStore.open(directory.resolve("other"), shared);
        ReadView view = other.view();
        other.close();
        other.close();
        assertThatThrownBy(() -> other.head(key("a"))).isInstanceOf(StorageException.class)
                .extracting(e -> ((StorageException) e).reason()).isEqualTo(StorageException.Reason.CLOSED);
        assertThatThrownBy(() -> view.head(key("a"))).isInstanceOf(StorageException.class);
        view.close();
        assertThat(store.head(key("a"))).isEqualTo(head(1));
    }

    @Test
    void destroyedStoreIsGone() throws IOException {
        Path gone = directory.resolve("gone");
        GroupStore.open(gone, shared).close();
        GroupStore.destroy(gone);
        assertThat(gone).doesNotExist();
        GroupStore.destroy(gone);
    }
}
