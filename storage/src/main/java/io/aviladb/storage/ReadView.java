package io.aviladb.storage;

import io.aviladb.storage.engine.EngineReader;
import io.aviladb.storage.engine.EngineSnapshot;

/** A group at one applied position, for paged listing, links and comparisons. One thread at a time; close it soon: it holds back disposal. */
public final class ReadView extends StoreReads implements AutoCloseable {
    private final EngineSnapshot snapshot;

    ReadView(EngineSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    @Override
    EngineReader rows() {
        return snapshot;
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
