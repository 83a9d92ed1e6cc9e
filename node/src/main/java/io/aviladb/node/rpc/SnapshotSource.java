package io.aviladb.node.rpc;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Serves the newest snapshot of a group. */
public final class SnapshotSource {
    /** Where a group's newest snapshot is; makes one where there is none. */
    public interface Newest {
        Optional<Path> of(int group) throws IOException;
    }

    private final Newest newest;
    private final Executor executor;

    public SnapshotSource(Newest newest, Executor executor) {
        this.newest = newest;
        this.executor = executor;
    }

    /** @throws NodeRefusal where the group has no replica here */
    public NodeStream open(int group, NodeStream.Receiver receiver) {
        try {
            Path path = newest.of(group)
                    .orElseThrow(() -> NodeRefusal.of(ErrorCode.RANGE_MOVED, "group " + group + " has no snapshot here"));
            return new SnapshotFrames(path, receiver, executor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
