package io.aviladb.node.server;

/** A layout is damaged, or was written by newer software. Nothing was changed. */
public final class LayoutFormatException extends RuntimeException {
    LayoutFormatException(String message) {
        super(message);
    }

    LayoutFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
