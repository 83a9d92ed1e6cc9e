package io.aviladb.storage;

import static io.aviladb.storage.Stores.applied;
import static io.aviladb.storage.Stores.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.storage.engine.SharedEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetaStoreTest {
    @TempDir
    Path directory;

    @Test
    void namesValuesAndPositionSurviveInCheckpointAndStore() throws IOException {
        Path copy = directory.resolve("copy");
        try (SharedEngine shared = Stores.engine()) {
            byte[] hash;
            try (MetaStore store = MetaStore.open(directory.resolve("db"), shared)) {
                assertThat(store.applied()).isEqualTo(Applied.NOTHING);
                try (MetaBatch batch = store.begin()) {
                    batch.put(bytes("node/a"), bytes("1"));
                    batch.put(bytes("node/b"), bytes("2"));
                    var before = batch.savepoint();
                    batch.delete(bytes("node/a"));
                    assertThat(batch.get(bytes("node/a"))).isNull();
                    batch.rollback(before);
                    assertThat(batch.get(bytes("node/a"))).isEqualTo(bytes("1"));
                    batch.commit(applied(3));
                }
                hash = store.stateHash();
                store.checkpoint(copy);
                store.begin().commit(applied(4));
                assertThat(store.stateHash()).as("the position is not part of it").isEqualTo(hash);
            }
            assertThat(MetaStore.appliedOf(copy)).isEqualTo(applied(3));
            assertThat(MetaStore.appliedOf(directory.resolve("db"))).isEqualTo(applied(4));
            try (MetaStore opened = MetaStore.open(copy, shared)) {
                List<String> rows = new ArrayList<>();
                opened.scan(bytes("node/"), (name, value) -> rows.add(new String(name) + "=" + new String(value)));
                assertThat(rows).containsExactly("node/a=1", "node/b=2");
                assertThat(opened.stateHash()).isEqualTo(hash);
                assertThat(opened.get(bytes("node/c"))).isNull();
            }
        }
    }
}
