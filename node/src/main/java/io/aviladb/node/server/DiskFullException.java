package io.aviladb.node.server;

import java.io.IOException;

/** The disk has too little free space to start on: the log would fail. Nothing was changed. */
public final class DiskFullException extends IOException {
    DiskFullException(String message) {
        super(message);
    }
}
