package io.aviladb.storage;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import io.aviladb.storage.head.Head;
import java.nio.charset.StandardCharsets;

/** Values for tests. */
public final class Stores {
    public static final KeyRange ALL = new KeyRange(new byte[0], new byte[0]);
    public static final RegionIncarnation HOME = new RegionIncarnation(1);
    public static final RegionIncarnation AWAY = new RegionIncarnation(2);

    private Stores() {
    }

    public static SharedEngine engine() {
        return SharedEngine.create(new EngineOptions(4 << 20, 16 << 20, 2, 64 << 20));
    }

    /** A key whose end can't go on, like an encoded id's. */
    public static DocumentKey key(String id) {
        return new DocumentKey(new ByteWriter().writeInt(1).writeRaw(bytes(id)).writeByte(0).toByteArray());
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static HybridTimestamp at(long millis) {
        return HybridTimestamp.ofMillis(millis);
    }

    public static Version version(long millis) {
        return new Version(at(millis), HOME);
    }

    public static Head head(long millis) {
        return Head.of(version(millis), false, 0, 3);
    }

    public static Applied applied(long index) {
        return new Applied(1, index, at(index));
    }

    /** One document, one version, one feed row, in one entry. */
    public static void put(GroupStore store, long index, String id, String body) {
        try (Batch batch = store.begin()) {
            batch.putHead(key(id), head(index));
            batch.putVersion(key(id), version(index), bytes(body));
            batch.putFeed(at(index), 0, key(id).bytes());
            batch.commit(applied(index));
        }
    }
}
