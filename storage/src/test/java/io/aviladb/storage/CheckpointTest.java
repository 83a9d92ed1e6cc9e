package io.aviladb.storage;

import static io.aviladb.storage.Stores.ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.storage.engine.SharedEngine;
import io.aviladb.storage.engine.StorageDamagedException;
import io.aviladb.storage.snapshot.SnapshotFiles;
import io.aviladb.storage.snapshot.SnapshotManifest;
import io.aviladb.storage.snapshot.SnapshotName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    Path directory;

    @Test
    void checkpointEqualsItsAppliedPositionWhileWritesGoOn() throws Exception {
        try (SharedEngine shared = Stores.engine();
                GroupStore store = GroupStore.open(directory.resolve("db"), shared);
                GroupStore model = GroupStore.open(directory.resolve("model"), shared)) {
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                for (long index = 1; !stop.get(); index++) {
                    CrashWriter.write(store, index);
                }
            });
            for (int i = 0; i < 3; i++) {
                Path temporary = directory.resolve("tmp" + i);
                store.checkpoint(temporary);
                Applied applied = GroupStore.appliedOf(temporary);
                SnapshotManifest written = SnapshotManifest.write(temporary);
                Path target = directory.resolve(new SnapshotName(applied.term(), applied.index()).toString());
                if (Files.exists(target)) { // nothing was written in between
                    continue;
                }
                SnapshotFiles.publish(temporary, target);
                assertThat(SnapshotManifest.verify(target)).isEqualTo(written);
                assertEqualsReplay(applied, target, model, shared);
            }
            stop.set(true);
            writer.join();
        }
    }

    private static void assertEqualsReplay(Applied applied, Path snapshot, GroupStore model, SharedEngine shared) throws IOException {
        try (GroupStore copy = GroupStore.open(snapshot, shared)) {
            for (long index = model.applied().index() + 1; index <= applied.index(); index++) {
                CrashWriter.write(model, index);
            }
            assertThat(copy.applied()).isEqualTo(applied);
            assertThat(copy.stateHash(ALL)).isEqualTo(model.stateHash(ALL));
            long[] feed = {0};
            copy.scanFeed(HybridTimestamp.ZERO, HybridTimestamp.MAX, (stamp, position, row) -> ++feed[0] > 0);
            assertThat(feed[0]).isEqualTo(applied.index() * CrashWriter.UNITS);
        }
    }

    @Test
    void manifestSeesAnotherByteAMissingFileAndOneTooMany() throws IOException {
        Path copy = directory.resolve("copy");
        try (SharedEngine shared = Stores.engine(); GroupStore store = GroupStore.open(directory.resolve("db"), shared)) {
            Stores.put(store, 1, "a", "x");
            store.checkpoint(copy);
        }
        assertThatThrownBy(() -> SnapshotManifest.verify(copy)).isInstanceOf(StorageDamagedException.class);
        SnapshotManifest manifest = SnapshotManifest.write(copy);
        assertThat(manifest.files()).extracting(SnapshotManifest.Entry::file).anyMatch(file -> file.endsWith(".sst")).contains("CURRENT");
        assertThat(SnapshotManifest.decode(manifest.encode())).isEqualTo(manifest);
        Path file = copy.resolve("CURRENT");
        byte[] bytes = Files.readAllBytes(file);

        bytes[0] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> SnapshotManifest.verify(copy)).isInstanceOf(StorageDamagedException.class);
        Files.delete(file);
        assertThatThrownBy(() -> SnapshotManifest.verify(copy)).isInstanceOf(StorageDamagedException.class);
        bytes[0] ^= 1;
        Files.write(file, bytes);
        assertThat(SnapshotManifest.verify(copy)).isEqualTo(manifest);
        Files.write(copy.resolve("extra"), bytes);
        assertThatThrownBy(() -> SnapshotManifest.verify(copy)).isInstanceOf(StorageDamagedException.class);
    }

    @Test
    void manifestOfALaterCheckpointIsTheSameWithoutReadingWhatItSharesAndStillSeesRot() throws IOException {
        Path earlier = directory.resolve("earlier");
        Path later = directory.resolve("later");
        try (SharedEngine shared = Stores.engine(); GroupStore store = GroupStore.open(directory.resolve("db"), shared)) {
            Stores.put(store, 1, "a", "x");
            store.checkpoint(earlier); // flushes
            store.checkpoint(later);
        }
        SnapshotManifest.write(earlier);
        SnapshotManifest whole = SnapshotManifest.of(later);
        Path table = earlier.resolve(SnapshotManifest.read(earlier).files().stream().map(SnapshotManifest.Entry::file)
                .filter(file -> file.endsWith(".sst") && Files.exists(later.resolve(file))).findFirst().orElseThrow());
        assertThat(SnapshotManifest.write(later, earlier)).isEqualTo(whole);
        assertThat(SnapshotManifest.verify(later)).isEqualTo(whole);

        byte[] bytes = Files.readAllBytes(table); // linked: one file in both
        bytes[bytes.length / 2] ^= 1;
        Files.write(table, bytes);
        assertThat(SnapshotManifest.write(later, earlier)).isEqualTo(whole);
        assertThatThrownBy(() -> SnapshotManifest.verify(later)).isInstanceOf(StorageDamagedException.class);

        Files.delete(table); // another store's file of the same name and size
        bytes[bytes.length / 2] ^= 2;
        Files.write(table, bytes);
        SnapshotManifest.write(earlier);
        assertThat(SnapshotManifest.write(later, earlier)).isEqualTo(SnapshotManifest.of(later));
        Files.delete(earlier.resolve(SnapshotManifest.FILE));
        assertThatThrownBy(() -> SnapshotManifest.write(later, earlier)).isInstanceOf(StorageDamagedException.class);
    }

    @Test
    void cleanUpKeepsTheNewestAndWhatIsUnderWay() throws IOException {
        for (String name : List.of("1_9", "2_10", "1_100", "tmp-5")) {
            Files.createDirectories(directory.resolve(name));
            Files.write(directory.resolve(name).resolve("file"), new byte[3]);
        }
        SnapshotFiles.cleanUp(directory, 2);
        assertThat(SnapshotFiles.list(directory)).containsExactly(new SnapshotName(1, 100), new SnapshotName(2, 10));
        assertThat(directory.resolve("1_9")).doesNotExist();
        assertThat(directory.resolve("tmp-5")).exists();
        assertThat(SnapshotFiles.list(directory.resolve("none"))).isEmpty();
    }
}
