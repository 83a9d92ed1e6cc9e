package io.aviladb.node.server;

import java.io.IOException;

/** The data are of a node that has left its cluster: it doesn't start again. */
public final class NodeGoneException extends IOException {
    NodeGoneException(String message) {
        super(message);
    }
}
