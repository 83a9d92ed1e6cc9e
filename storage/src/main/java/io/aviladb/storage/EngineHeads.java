package io.aviladb.storage;

import io.aviladb.storage.engine.EngineSnapshot;
import io.aviladb.storage.engine.EngineStore;
import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.RowVisitor;
import io.aviladb.storage.head.HeadTable;

/** The {@code heads} family as the head table sees it. */
record EngineHeads(EngineStore engine) implements HeadTable.Source {
    @Override
    public long estimatedRows() {
        return engine.estimatedRows(Family.HEADS);
    }

    @Override
    public Snapshot snapshot() {
        EngineSnapshot snapshot = engine.snapshot();
        return new Snapshot() {
            @Override
            public void scan(byte[] from, RowVisitor visitor) {
                snapshot.scan(Family.HEADS, from, new byte[0], visitor);
            }

            @Override
            public void close() {
                snapshot.close();
            }
        };
    }
}
