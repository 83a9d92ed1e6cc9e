package io.aviladb.storage;

import static io.aviladb.storage.Stores.applied;
import static io.aviladb.storage.Stores.key;
import static io.aviladb.storage.Stores.put;
import static io.aviladb.storage.Stores.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.EngineStore;
import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.SharedEngine;
import io.aviladb.storage.engine.StorageDamagedException;
import io.aviladb.storage.engine.StorageException;
import io.aviladb.storage.engine.StorageFormatException;
import io.aviladb.storage.engine.WriteSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;

class DamageTest {
    @TempDir
    Path directory;
    SharedEngine shared;
    Path db;

    @BeforeEach
    void write() throws IOException {
        shared = SharedEngine.create(new EngineOptions(1 << 20, 1 << 20, 2));
        db = directory.resolve("db");
        try (GroupStore store = GroupStore.open(db, shared)) {
            for (int i = 1; i <= 200; i++) {
                put(store, i, "d" + i, "body ".repeat(i));
            }
        }
    }

    @AfterEach
    void close() {
        shared.close();
    }

    private List<Path> files(String suffix) throws IOException {
        try (var all = Files.list(db)) {
            return all.filter(file -> file.getFileName().toString().endsWith(suffix)).sorted().toList();
        }
    }

    @Test
    void missingFileIsDamage() throws IOException {
        Files.delete(files(".sst").get(0));
        assertThatThrownBy(() -> GroupStore.open(db, shared)).isInstanceOf(StorageDamagedException.class);
    }

    @Test
    void missingPointerIsDamageAndDeletesNothing() throws IOException {
        Files.delete(db.resolve("CURRENT"));
        int files = files(".sst").size();
        assertThatThrownBy(() -> GroupStore.open(db, shared)).isInstanceOf(StorageDamagedException.class);
        assertThat(files(".sst")).hasSize(files);
        assertThatThrownBy(() -> GroupStore.appliedOf(db)).isInstanceOf(StorageDamagedException.class);
    }

    @Test
    void garbageInTheManifestIsDamage() throws IOException {
        try (var all = Files.list(db)) {
            Path manifest = all.filter(file -> file.getFileName().toString().startsWith("MANIFEST")).findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(manifest);
            bytes[bytes.length / 2] ^= 0x55;
            Files.write(manifest, bytes);
        }
        assertThatThrownBy(() -> GroupStore.open(db, shared)).isInstanceOf(StorageDamagedException.class);
    }

    @Test
    void flippedByteInARowIsNoticedNeverServed() throws IOException {
        for (Path file : files(".sst")) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[20] ^= 1; // in the first data block
            Files.write(file, bytes);
        }
        List<StorageException> told = new ArrayList<>();
        try (GroupStore store = GroupStore.open(db, shared)) {
            store.onFailure(told::add);
            assertThatThrownBy(store::verify).isInstanceOf(StorageDamagedException.class);
            assertThatThrownBy(() -> store.version(key("d1"), version(1))).isInstanceOf(StorageException.class)
                    .extracting(e -> ((StorageException) e).reason()).isEqualTo(StorageException.Reason.DAMAGED);
            assertThatThrownBy(() -> store.begin().commit(applied(201))).as("a damaged store takes no writes")
                    .isInstanceOf(StorageException.class);
        } catch (StorageDamagedException e) {
            return; // found at opening: better still
        }
        assertThat(told).hasSize(1);
    }

    @Test
    void newerFormatIsRefusedByNameAndLeftAlone() throws Exception {
        try (EngineStore engine = EngineStore.open(db, EnumSet.allOf(Family.class), shared)) {
            WriteSet set = new WriteSet();
            set.put(Family.META, MetaRows.FORMAT,
                    new ByteWriter().writeString("group").writeVarInt(MetaRows.FORMAT_VERSION + 1).toByteArray());
            engine.write(set);
        }
        addFamilyOfTheFuture();
        assertThatThrownBy(() -> GroupStore.open(db, shared)).isInstanceOf(StorageFormatException.class)
                .hasMessageContaining("format " + (MetaRows.FORMAT_VERSION + 1))
                .hasMessageContaining("start a newer version");
        assertThat(GroupStore.appliedOf(db)).isEqualTo(applied(200));
    }

    private void addFamilyOfTheFuture() throws Exception {
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        for (String name : List.of("default", "heads", "versions", "feed", "dedup", "conflicts", "index", "future")) {
            families.add(new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8)));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions().setCreateMissingColumnFamilies(true);
                RocksDB opened = RocksDB.open(options, db.toString(), families, handles)) {
            assertThat(opened.isOwningHandle()).isTrue();
            handles.forEach(ColumnFamilyHandle::close);
        }
    }

    @Test
    void storeOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> MetaStore.open(db, shared)).isInstanceOf(StorageFormatException.class).hasMessageContaining("'group'");
    }

    @Test
    void failedFlushIsToldOnceAndForGood() throws IOException {
        List<StorageException> told = new ArrayList<>();
        Path other = directory.resolve("other");
        try (SharedEngine large = Stores.engine(); GroupStore store = GroupStore.open(other, large)) {
            store.onFailure(told::add);
            Files.move(other, directory.resolve("moved")); // no file can be created any more
            put(store, 1, "a", "x");
            assertThatThrownBy(store::flush).isInstanceOf(StorageException.class);
            assertThat(store.failure()).isNotNull();
            assertThatThrownBy(() -> put(store, 2, "a", "y")).isInstanceOf(StorageException.class);
            assertThat(store.applied()).isEqualTo(applied(1));
        }
        assertThat(told).hasSize(1);
    }

    @Test
    void failedBackgroundFlushReachesTheListener() throws IOException {
        List<StorageException> told = new CopyOnWriteArrayList<>();
        Path other = directory.resolve("other");
        try (GroupStore store = GroupStore.open(other, shared)) {
            store.onFailure(told::add);
            Files.move(other, directory.resolve("moved"));
            try {
                for (int i = 1; i <= 16; i++) { // more than the write buffer: flushed in the background
                    put(store, i, "a", "body".repeat(20_000));
                }
            } catch (StorageException e) {
                assertThat(e.reason()).isEqualTo(StorageException.Reason.IO);
            }
            Awaitility.await().untilAsserted(() -> assertThat(told).hasSize(1)); // without another write
            assertThat(store.failure()).isNotNull();
            assertThat(told.get(0).reason()).isEqualTo(StorageException.Reason.IO);
        }
    }
}
