package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Where a node's Raft server stands.
 *
 * @param bindHost the address it listens on
 * @param port 0 for any that is free
 * @param directory holds {@code raft/} (logs), {@code groups/<n>/db} (states) and {@code groups/<n>/snap} (snapshots), on one file system
 */
public record Settings(NodeId self, UUID clusterId, String bindHost, int port, Path directory, Tuning tuning) {
    public Settings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        directory = directory.toAbsolutePath().normalize();
    }

    /** With {@link Tuning#DEFAULTS}. */
    public Settings(NodeId self, UUID clusterId, String bindHost, int port, Path directory) {
        this(self, clusterId, bindHost, port, directory, Tuning.DEFAULTS);
    }

    Path raftDirectory() {
        return directory.resolve("raft");
    }

    Path groupDirectory(int group) {
        return directory.resolve("groups").resolve(Integer.toString(group));
    }
}
