package io.aviladb.benchmarks.cluster;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.consensus.ConsensusPeers;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.LinkFaults;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.consensus.ratis.RatisServer;
import io.aviladb.node.consensus.ratis.Settings;
import io.aviladb.node.consensus.ratis.Tuning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** One Raft group of three servers with AvilaDB's own settings of Ratis and nothing above it: the floor of a durable write. */
public final class RawGroup implements AutoCloseable {
    /** Our own settings, but for snapshots: the counting state has none, and 64 KB entries would soon make one due. */
    private static final Tuning NO_SNAPSHOTS = Tuning.DEFAULTS.withSnapshots(Long.MAX_VALUE, java.time.Duration.ofDays(1));

    private static final int SERVERS = 3;
    private static final int NUMBER = 1;

    private final List<RatisServer> servers = new ArrayList<>();
    private final List<RaftGroup> replicas = new ArrayList<>();

    /** Returns once there is a leader. */
    public RawGroup(Path root) throws IOException {
        UUID cluster = new UUID(1, 1);
        List<Integer> ports = Ports.free(SERVERS);
        List<GroupDescriptor.Member> members = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            members.add(new GroupDescriptor.Member(new NodeId(new RegionId("raw"), i + 1), Ports.HOST + ":" + ports.get(i)));
        }
        GroupDescriptor descriptor = new GroupDescriptor(NUMBER, GroupDescriptor.Kind.DATA, members, members.getFirst().node());
        try {
            for (int i = 0; i < SERVERS; i++) {
                NodeId node = members.get(i).node();
                RatisServer server = RatisServer.start(
                        new Settings(node, cluster, Ports.HOST, ports.get(i), root.resolve("raw-" + node.ordinal()), NO_SNAPSHOTS),
                        new NoPeers(),
                        LinkFaults.NONE);
                servers.add(server);
                replicas.add(server.open(descriptor, new CountingState()));
            }
            // Leadership goes to the preferred replica soon after the start: measuring begins there.
            Waiting.until("the raw group's leader", () -> replicas.getFirst().leadership().ready());
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Appends an entry; completes when it is durable on a majority and counted. Call from one thread. */
    public CompletableFuture<Object> append(byte[] entry) {
        return replicas.getFirst().propose(entry, null);
    }

    @Override
    public void close() {
        servers.forEach(RatisServer::close);
    }

    /** Nobody reads and nobody lags so far that it needs a snapshot. */
    private static final class NoPeers implements ConsensusPeers {
        @Override
        public CompletableFuture<Long> currentTerm(NodeId peer, int group) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException("reads aren't measured here"));
        }

        @Override
        public CompletableFuture<RaftGroup.Standing> standing(NodeId peer, int group) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException("nothing is rebuilt here"));
        }

        @Override
        public LogPosition fetchSnapshot(NodeId peer, int group, Path into) throws IOException {
            throw new IOException("there are no snapshots here");
        }
    }
}
