package io.aviladb.core.codec;

/** Bytes from outside (a client, a peer, a disk) are not what their place says they are. */
public final class MalformedBytesException extends RuntimeException {
    public MalformedBytesException(String message) {
        super(message);
    }
}
