package io.aviladb.storage.engine;

import java.io.IOException;

/** Files are missing, or their bytes are not what was written. The replica is rebuilt from its peers, never repaired by guessing. */
public final class StorageDamagedException extends IOException {
    public StorageDamagedException(String message) {
        super(message);
    }

    public StorageDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
