package io.aviladb.storage.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the first failure for ever and tells the listeners once. A store that has failed stays failed, even where the disk has room again:
 * the node stops, and the next start knows what is on the disk.
 */
final class FailureWatch {
    private static final Logger log = LoggerFactory.getLogger(FailureWatch.class);

    private final String store;
    private final AtomicReference<@Nullable StorageException> failure = new AtomicReference<>();
    private final List<Consumer<StorageException>> listeners = new CopyOnWriteArrayList<>();

    FailureWatch(String store) {
        this.store = store;
    }

    /** Notes it and gives it back, to be thrown. */
    StorageException fail(StorageException cause) {
        if (failure.compareAndSet(null, cause)) {
            log.atError().addKeyValue("store", store).addKeyValue("reason", cause.reason()).setCause(cause).log("Store failed");
            listeners.forEach(listener -> listener.accept(cause));
        }
        return cause;
    }

    @Nullable
    StorageException failure() {
        return failure.get();
    }

    /** Tells it once; at once where the failure has already been. */
    void listen(Consumer<StorageException> listener) {
        listeners.add(listener);
        StorageException already = failure.get();
        if (already != null) {
            listener.accept(already);
        }
    }
}
