package io.aviladb.storage.engine;

import java.io.IOException;

/** The files were written in a format that this program doesn't read: by a newer one, or for something else. Nothing was changed. */
public final class StorageFormatException extends IOException {
    public StorageFormatException(String message) {
        super(message);
    }
}
