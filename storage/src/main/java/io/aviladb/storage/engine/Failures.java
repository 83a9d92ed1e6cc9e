package io.aviladb.storage.engine;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Turns what RocksDB reports into what our callers can act upon. */
final class Failures {
    private Failures() {
    }

    static StorageException unchecked(String what, RocksDBException cause) {
        return new StorageException(reason(cause.getStatus(), cause.getMessage()), what + ": " + cause.getMessage(), cause);
    }

    /** For opening, where the caller may still do something else. */
    static IOException checked(String what, RocksDBException cause) {
        return switch (reason(cause.getStatus(), cause.getMessage())) {
            case DAMAGED -> new StorageDamagedException(what + ": " + cause.getMessage(), cause);
            case DISK_FULL, IO, CLOSED, ENGINE -> new IOException(what + ": " + cause.getMessage(), cause);
        };
    }

    static StorageException.Reason reason(@Nullable Status status,
            @Nullable String message) {
        if (status == null) {
            return StorageException.Reason.ENGINE;
        }
        // The message too: a full disk during a flush comes as an IO error without its sub-code.
        String text = message == null ? "" : message;
        if (status.getSubCode() == Status.SubCode.NoSpace || text.contains("No space left") || text.contains("quota exceeded")) {
            return StorageException.Reason.DISK_FULL;
        }
        return switch (status.getCode()) {
            case Corruption -> StorageException.Reason.DAMAGED;
            case IOError -> StorageException.Reason.IO;
            default -> StorageException.Reason.ENGINE;
        };
    }
}
