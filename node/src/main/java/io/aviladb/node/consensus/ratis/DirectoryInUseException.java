package io.aviladb.node.consensus.ratis;

import java.io.IOException;

/** Another process, or another server of this one, has the data directory. Nothing was changed. */
public final class DirectoryInUseException extends IOException {
    DirectoryInUseException(String message) {
        super(message);
    }
}
