package io.aviladb.node.consensus.ratis;

import java.io.IOException;

/**
 * This replica's files are damaged, and nothing here or in its group can rebuild them. The message names the files, the cause, and what the
 * operator can do.
 */
public final class DamagedReplicaException extends IOException {
    DamagedReplicaException(String message, Throwable cause) {
        super(message, cause);
    }
}
