package io.aviladb.node.server;

import java.io.IOException;

/** The data directory belongs to another cluster. Nothing was changed. */
public final class OtherClusterException extends IOException {
    OtherClusterException(String message) {
        super(message);
    }
}
