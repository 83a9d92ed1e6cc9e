package io.aviladb.node.range;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.version.Version;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.storage.Batch;
import io.aviladb.storage.Reads;
import io.aviladb.storage.head.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From a head to the versions that it names. */
public final class Heads {
    private Heads() {
    }

    /** In apply: a version that a head names and the store lacks is a broken invariant. */
    static LiveVersions liveVersions(Head head, DocumentKey key, Batch batch) {
        List<LiveVersion> live = new ArrayList<>(head.live().size());
        for (Version version : head.live()) {
            byte[] bytes = batch.version(key, version);
            if (bytes == null) {
                throw new IllegalStateException("the head of " + key + " names " + version + ", which the store lacks");
            }
            live.add(LiveVersion.decode(bytes));
        }
        return LiveVersions.of(live);
    }

    /** For readers beside apply: empty where a version is gone, since then the head is old and is to be read again. */
    public static Optional<LiveVersions> liveVersions(Head head, DocumentKey key, Reads store) {
        List<LiveVersion> live = new ArrayList<>(head.live().size());
        for (Version version : head.live()) {
            byte[] bytes = store.version(key, version);
            if (bytes == null) {
                return Optional.empty();
            }
            live.add(LiveVersion.decode(bytes));
        }
        return Optional.of(LiveVersions.of(live));
    }
}
