package io.aviladb.storage.engine;

/**
 * The store can't go on. Every one of them stops the replica: with no write-ahead log of its own, a store that has failed to write may not
 * be counted on for anything that the log has purged.
 */
public final class StorageException extends RuntimeException {
    /** What happened. */
    public enum Reason {
        /** No space left, or a quota. */
        DISK_FULL,
        /** The file system or the device failed. */
        IO,
        /** Bytes are not what was written. */
        DAMAGED,
        /** Used after {@code close()}. */
        CLOSED,
        /** Anything else that the engine reports. */
        ENGINE
    }

    private final Reason reason;

    public StorageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public StorageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
