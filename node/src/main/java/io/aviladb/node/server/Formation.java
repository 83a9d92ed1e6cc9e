package io.aviladb.node.server;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.region.NodeId;
import io.aviladb.proto.node.JoinReply;
import io.aviladb.proto.node.JoinRequest;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.proto.node.NodeRefusal;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How nodes become a cluster, once: every node tells the seed where it is, until all have come; then the seed fixes the layout and answers
 * it for ever after.
 *
 * <p>HAZARD: two nodes that both run a {@link Seed} of one cluster would make two layouts, and two clusters. Exactly one node may.
 */
public final class Formation {
    /** How long a node waits before it asks again. */
    static final Duration PAUSE = Duration.ofMillis(500);
    /** How long one seed may take to answer. */
    private static final Duration CALL = Duration.ofSeconds(5);

    private Formation() {
    }

    /** No layout came in time. The message names the seeds and what was last heard. */
    public static final class NotFormedException extends RuntimeException {
        NotFormedException(String message) {
            super(message);
        }
    }

    /** The one node's part that makes the layout. Thread-safe. */
    public static final class Seed {
        private final String cluster;
        private final List<NodeId> expected;
        private final RandomSource random;
        private final Consumer<ClusterLayout> persist;
        private final Map<NodeId, ClusterLayout.Node> known = new HashMap<>(); // Lost in a crash: the nodes ask again.
        private @Nullable ClusterLayout layout; // Durable, by persist, before it is set here.

        /**
         * @param expected all nodes of the cluster; the layout keeps their order
         * @param persist makes the layout durable; where it throws, the layout is not fixed and the next request tries again
         */
        public Seed(String cluster, List<NodeId> expected, Consumer<ClusterLayout> persist) {
            this(cluster, expected, RandomSource.of(new SecureRandom()), persist);
        }

        /** @param random for the cluster's id and secret: unpredictable, but in tests */
        Seed(String cluster, List<NodeId> expected, RandomSource random, Consumer<ClusterLayout> persist) {
            this.cluster = cluster;
            this.expected = List.copyOf(expected);
            this.random = random;
            this.persist = persist;
            if (expected.isEmpty() || expected.stream().distinct().count() != expected.size()) {
                throw new IllegalArgumentException("a cluster has at least one node and each once, not " + expected);
            }
        }

        /** A seed that comes back: the layout is fixed already, and nodes may not have heard it yet. */
        public static Seed of(ClusterLayout layout) {
            Seed seed = new Seed(layout.name(), layout.nodes().stream().map(ClusterLayout.Node::node).toList(), never -> {});
            synchronized (seed) {
                seed.layout = layout;
            }
            return seed;
        }

        /**
         * Takes a node in. The same again changes nothing; other addresses replace the node's former ones until the layout is fixed.
         *
         * @throws NodeRefusal {@link ErrorCode#MALFORMED_REQUEST} for another cluster, a node that is not expected, or addresses that differ
         *         from the fixed layout's
         */
        public synchronized JoinReply join(JoinRequest request) {
            if (!request.cluster().equals(cluster)) {
                throw refused(
                        "node " + request.node() + " asks for the cluster '" + request.cluster() + "', and this is '" + cluster + "'");
            }
            if (!expected.contains(request.node())) {
                throw refused("node " + request.node() + " is not one of the cluster's nodes " + expected);
            }
            ClusterLayout.Node node = new ClusterLayout.Node(request.node(), request.rpcAddress(), request.raftAddress(),
                    request.endpoint());
            ClusterLayout fixed = layout;
            if (fixed == null) {
                known.put(node.node(), node);
                fixed = known.size() == expected.size() ? fix() : null;
            } else if (!fixed.node(node.node()).equals(node)) {
                throw refused(node + " differs from what the cluster was formed with: " + fixed.node(node.node()));
            }
            return fixed == null
                    ? new JoinReply(new byte[0], known.size(), expected.size())
                    : new JoinReply(fixed.toJson(), expected.size(), expected.size());
        }

        /** The layout, once it is fixed. */
        public synchronized Optional<ClusterLayout> layout() {
            return Optional.ofNullable(layout);
        }

        private ClusterLayout fix() {
            List<ClusterLayout.Node> nodes = expected.stream().map(known::get).toList();
            byte[] secret = new byte[ClusterLayout.SECRET_BYTES];
            for (int i = 0; i < secret.length; i++) {
                secret[i] = (byte) random.nextInt(256);
            }
            ClusterLayout made = ClusterLayout.plan(cluster, randomId(), secret, nodes);
            persist.accept(made); // Before anyone hears of it: a crash must not make a second one.
            layout = made;
            return made;
        }

        /** RFC 9562, version 4. */
        private UUID randomId() {
            return new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | Long.MIN_VALUE);
        }

        private static NodeRefusal refused(String detail) {
            return NodeRefusal.of(ErrorCode.MALFORMED_REQUEST, detail);
        }
    }

    /**
     * Asks the seeds in turn until one answers with the layout.
     *
     * @param seedAddresses {@code host:port}, at least one; connected to under the caller's own id, because theirs are not known yet
     * @param progress hears every answer, on the calling thread
     * @throws NotFormedException where the time is over
     * @throws NodeRefusal {@link ErrorCode#MALFORMED_REQUEST}: the cluster doesn't expect this node; asking again wouldn't help
     * @throws LayoutFormatException where the seed's software is newer
     */
    public static ClusterLayout join(JoinRequest self, List<String> seedAddresses, NodeConnector connector, Duration timeout,
            Consumer<JoinReply> progress) throws InterruptedException {
        if (seedAddresses.isEmpty()) {
            throw new IllegalArgumentException("a node that joins a cluster knows at least one seed");
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        String heard = "nothing was heard";
        for (int attempt = 0;; attempt++) {
            String seed = seedAddresses.get(attempt % seedAddresses.size());
            try {
                long wait = Math.max(1, Math.min(CALL.toNanos(), deadline - System.nanoTime()));
                JoinReply reply = connector.connect(self.node(), seed).join(self).get(wait, TimeUnit.NANOSECONDS);
                progress.accept(reply);
                if (reply.layout().length > 0) {
                    return checked(ClusterLayout.parse(reply.layout()), self);
                }
                heard = seed + " knows " + reply.known() + " of " + reply.expected() + " nodes";
            } catch (ExecutionException e) {
                if (e.getCause() instanceof NodeRefusal refusal && refusal.code() == ErrorCode.MALFORMED_REQUEST) {
                    throw refusal;
                }
                heard = seed + ": " + e.getCause();
            } catch (TimeoutException e) {
                heard = seed + " did not answer";
            }
            if (deadline - System.nanoTime() <= PAUSE.toNanos()) {
                throw new NotFormedException("the cluster '" + self.cluster() + "' was not formed within " + timeout.toSeconds()
                        + " s; asked " + String.join(", ", seedAddresses) + "; last, " + heard);
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    private static ClusterLayout checked(ClusterLayout layout, JoinRequest self) {
        boolean ours = layout.name().equals(self.cluster())
                && layout.nodes().contains(new ClusterLayout.Node(self.node(), self.rpcAddress(), self.raftAddress(), self.endpoint()));
        if (!ours) {
            throw NodeRefusal.of(ErrorCode.MALFORMED_REQUEST,
                    "the seed's cluster '" + layout.name() + "' doesn't hold " + self.node() + " of '" + self.cluster() + "' as it is");
        }
        return layout;
    }
}
