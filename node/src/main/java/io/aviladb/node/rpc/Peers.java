package io.aviladb.node.rpc;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.ConsensusPeers;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.proto.node.StreamRequest;
import io.aviladb.proto.node.TermReply;
import io.aviladb.proto.node.TermRequest;
import io.aviladb.storage.Applied;
import io.aviladb.storage.GroupStore;
import io.aviladb.storage.snapshot.SnapshotFiles;
import io.aviladb.storage.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

/** What consensus asks of other nodes, over the nodes' own interface. */
public final class Peers implements ConsensusPeers {
    private static final int WINDOW = 4;
    private static final long FETCH_MINUTES = 30;

    private final Function<NodeId, NodeApi> nodes;

    public Peers(Function<NodeId, NodeApi> nodes) {
        this.nodes = nodes;
    }

    @Override
    public CompletableFuture<Long> currentTerm(NodeId peer, int group) {
        return nodes.apply(peer).currentTerm(new TermRequest(group)).thenApply(TermReply::term);
    }

    @Override
    public CompletableFuture<RaftGroup.Standing> standing(NodeId peer, int group) {
        return nodes.apply(peer).currentTerm(new TermRequest(group))
                .thenApply(reply -> new RaftGroup.Standing(reply.term(), reply.ledThrough(), reply.votes()));
    }

    @Override
    public LogPosition fetchSnapshot(NodeId peer, int group, Path into) throws IOException {
        Files.createDirectories(into);
        CompletableFuture<Void> end = new CompletableFuture<>();
        Receiver receiver = new Receiver(into, end);
        NodeStream stream = nodes.apply(peer).open(new StreamRequest(StreamRequest.Kind.SNAPSHOT, group, new byte[0]), receiver);
        receiver.start(stream);
        try {
            end.get(FETCH_MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fetching a snapshot", e);
        } catch (ExecutionException | TimeoutException e) {
            stream.cancel();
            throw new IOException("the snapshot of group " + group + " from " + peer + " didn't arrive", e);
        }
        SnapshotManifest.verify(into);
        try (Stream<Path> walk = Files.walk(into)) {
            List<Path> all = walk.sorted(java.util.Comparator.reverseOrder()).toList(); // files before their directories
            for (Path path : all) {
                SnapshotFiles.sync(path);
            }
        }
        Applied applied = GroupStore.appliedOf(into);
        return new LogPosition(applied.term(), applied.index());
    }

    private static final class Receiver implements NodeStream.Receiver {
        private final Path root;
        private final CompletableFuture<Void> end;
        private volatile java.util.Optional<NodeStream> stream = java.util.Optional.empty();

        Receiver(Path root, CompletableFuture<Void> end) {
            this.root = root;
            this.end = end;
        }

        void start(NodeStream opened) {
            stream = java.util.Optional.of(opened);
            opened.request(WINDOW);
        }

        @Override
        public void onFrame(byte[] frame) {
            try {
                SnapshotFrames.write(root, frame);
                stream.ifPresent(opened -> opened.request(1));
            } catch (IOException | RuntimeException e) {
                end.completeExceptionally(e);
                stream.ifPresent(NodeStream::cancel);
            }
        }

        @Override
        public void onEnd() {
            end.complete(null);
        }

        @Override
        public void onError(Throwable cause) {
            end.completeExceptionally(cause);
        }
    }
}
