package io.aviladb.storage;

import static io.aviladb.storage.Stores.applied;
import static io.aviladb.storage.Stores.at;
import static io.aviladb.storage.Stores.bytes;
import static io.aviladb.storage.Stores.head;
import static io.aviladb.storage.Stores.key;
import static io.aviladb.storage.Stores.version;

import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import java.io.IOException;
import java.nio.file.Path;

/** A process to be killed: writes entries for ever, each touching all families, and says when files have been written. */
public final class CrashWriter {
    static final int DOCUMENTS = 97;
    static final int UNITS = 3;

    private CrashWriter() {
    }

    public static void main(String[] arguments) throws IOException {
        SharedEngine shared = SharedEngine.create(new EngineOptions(1 << 20, 1 << 20, 2));
        GroupStore store = GroupStore.open(Path.of(arguments[0]), shared);
        System.out.println("opened " + store.applied().index());
        for (long index = store.applied().index() + 1;; index++) {
            write(store, index);
            if (index % 200 == 0) {
                store.flush();
                System.out.println("flushed " + index);
            }
        }
    }

    static String document(long index, int unit) {
        return "d" + (index * UNITS + unit) % DOCUMENTS;
    }

    static byte[] body(long index, int unit) {
        return bytes((index + "/" + unit + " ").repeat(unit == 0 ? 2 : 200)); // in the tree, and in a blob file
    }

    static void write(GroupStore store, long index) {
        try (Batch batch = store.begin()) {
            for (int unit = 0; unit < UNITS; unit++) {
                batch.putHead(key(document(index, unit)), head(index));
                batch.putVersion(key(document(index, unit)), version(index), body(index, unit));
                batch.putFeed(at(index), unit, bytes(document(index, unit)));
                batch.putDedup(key(document(index, unit)), bytes("client"), bytes(Long.toString(index)));
            }
            batch.putMeta(bytes("last"), bytes(Long.toString(index)));
            batch.commit(applied(index));
        }
    }
}
