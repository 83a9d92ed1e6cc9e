package io.aviladb.node.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.ConsensusPeers;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.ProposalFailure;
import io.aviladb.node.consensus.RaftGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Three servers in one process; each can be closed, killed, wiped and started again at its address. */
final class LoopbackCluster implements AutoCloseable {
    static final Tuning TUNING = Tuning.DEFAULTS.withElections(Duration.ofMillis(500), Duration.ofMillis(1_000)).withMaxEntryBytes(1 << 20);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final SwitchedFaults faults = new SwitchedFaults();
    final List<Node> nodes = new ArrayList<>();
    private final UUID id = UUID.fromString("5c3f6a10-0000-4000-8000-000000000001");
    private final Path root;
    /** Whether our own RPC between nodes is cut along with Ratis' traffic. */
    volatile boolean cutsRpc = true;

    /** A node: its directory and port stay, its server comes and goes. */
    final class Node implements ConsensusPeers {
        final NodeId self;
        final Path directory;
        final Map<Integer, RecordingState> states = new ConcurrentHashMap<>();
        final Map<Integer, RaftGroup> groups = new ConcurrentHashMap<>();
        private final Tuning tuning;
        private int port;
        volatile @Nullable RatisServer server;

        Node(int ordinal, Tuning tuning) {
            this.self = NodeId.parse("sa-east-1/" + ordinal);
            this.directory = root.resolve("node" + ordinal);
            this.tuning = tuning;
        }

        Settings settings() {
            return new Settings(self, id, "127.0.0.1", port, directory, tuning);
        }

        void start() throws IOException {
            RatisServer started = RatisServer.start(settings(), this, faults);
            server = started;
            port = started.boundPort();
        }

        RatisServer running() {
            return Objects.requireNonNull(server);
        }

        RaftGroup open(GroupDescriptor descriptor) throws IOException {
            RecordingState state = new RecordingState();
            states.put(descriptor.number(), state);
            RaftGroup group = running().open(descriptor, state);
            groups.put(descriptor.number(), group);
            return group;
        }

        RaftGroup group(int number) {
            return Objects.requireNonNull(groups.get(number));
        }

        RecordingState state(int number) {
            return Objects.requireNonNull(states.get(number));
        }

        void stop(boolean kill) {
            RatisServer now = server;
            server = null;
            groups.clear();
            if (now != null && kill) {
                now.kill();
            } else if (now != null) {
                now.close();
            }
        }

        @Override
        public CompletableFuture<Long> currentTerm(NodeId peer, int group) {
            if (cutsRpc && (faults.isCut(self, peer) || faults.isCut(peer, self))) {
                return new CompletableFuture<>();
            }
            RaftGroup replica = node(peer).groups.get(group);
            return replica == null
                    ? CompletableFuture.failedFuture(new IOException("down"))
                    : CompletableFuture.completedFuture(replica.currentTerm());
        }

        @Override
        public CompletableFuture<RaftGroup.Standing> standing(NodeId peer, int group) {
            if (cutsRpc && (faults.isCut(self, peer) || faults.isCut(peer, self))) {
                return new CompletableFuture<>();
            }
            RaftGroup replica = node(peer).groups.get(group);
            return replica == null
                    ? CompletableFuture.failedFuture(new IOException("down"))
                    : CompletableFuture.completedFuture(replica.standing());
        }

        @Override
        public LogPosition fetchSnapshot(NodeId peer, int group, Path into) throws IOException {
            Optional<Path> newest = node(peer).running().newestSnapshot(group);
            Path from = newest.orElseThrow(() -> new IOException("no snapshot"));
            for (Path file : DiskFiles.files(from)) {
                Files.copy(file, into.resolve(from.relativize(file).toString()));
            }
            String[] name = from.getFileName().toString().split("_");
            return new LogPosition(Long.parseLong(name[0]), Long.parseLong(name[1]));
        }
    }

    LoopbackCluster(Path root) throws IOException {
        this(root, n -> TUNING);
    }

    LoopbackCluster(Path root, UnaryOperatorOfNode tuning) throws IOException {
        this.root = root;
        for (int i = 1; i <= 3; i++) {
            Node node = new Node(i, tuning.of(i));
            nodes.add(node);
            node.start();
        }
    }

    /** One more server, in no group yet. */
    Node another() throws IOException {
        Node node = new Node(nodes.size() + 1, TUNING);
        nodes.add(node);
        node.start();
        return node;
    }

    List<GroupDescriptor.Member> members(Node... some) {
        return List.of(some).stream().map(n -> new GroupDescriptor.Member(n.self, "127.0.0.1:" + n.port)).toList();
    }

    /** The settings of the n-th node. */
    interface UnaryOperatorOfNode {
        Tuning of(int ordinal);
    }

    static UnaryOperatorOfNode all(UnaryOperator<Tuning> change) {
        return n -> change.apply(TUNING);
    }

    GroupDescriptor descriptor(int number, Node preferred) {
        return new GroupDescriptor(number, GroupDescriptor.Kind.DATA,
                nodes.stream().map(n -> new GroupDescriptor.Member(n.self, "127.0.0.1:" + n.port)).toList(), preferred.self);
    }

    GroupDescriptor openEverywhere(int number) throws IOException {
        GroupDescriptor descriptor = descriptor(number, nodes.getFirst());
        for (Node node : nodes) {
            node.open(descriptor);
        }
        return descriptor;
    }

    Node node(NodeId id) {
        return nodes.stream().filter(n -> n.self.equals(id)).findFirst().orElseThrow();
    }

    /** Waits for a node other than those that leads and may serve. */
    Node leader(int group, Node... except) {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20))
                .until(() -> nodes.stream().filter(n -> !List.of(except).contains(n))
                        .filter(n -> n.groups.containsKey(group) && n.group(group).leadership().ready()).findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Waits until this node, the preferred one, leads: from then on leadership stays where it is. */
    void awaitLeader(int group, Node node) {
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20))
                .until(() -> node.group(group).leadership().ready());
    }

    /** Writes the number wherever the leader is, and again while nothing of it is in the log. */
    void write(int group, long number) {
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20)).until(() -> {
            try {
                get(leader(group).group(group).propose(RecordingState.entry(number), number));
                return true;
            } catch (ProposalFailure e) {
                assertThat(e.kind()).isNotEqualTo(ProposalFailure.Kind.INDETERMINATE);
                return false;
            }
        });
    }

    void awaitSame(int group, int count) {
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            List<Long> expected = leader(group).state(group).numbers();
            assertThat(expected).hasSize(count);
            for (Node node : nodes) {
                assertThat(node.state(group).numbers()).as(node.self.toString()).isEqualTo(expected);
            }
        });
        nodes.forEach(n -> assertThat(n.state(group).violation).isNull());
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException r) {
                throw r;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        nodes.forEach(n -> n.stop(false));
    }
}
