package io.aviladb.router.topology;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.time.Clock;
import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How soon each node answers. The <i>way</i> comes from probes, which do no work there; the average and the tail of <i>answers</i> from the requests
 * themselves; how many are <i>under way</i> is counted. A node whose work takes much longer than its neighbours' is left out for a while
 * ({@link Ejection}): being far away is no illness, so what is compared is what an answer takes beyond the way.
 */
public final class RoundTrips {
    private static final Logger log = LoggerFactory.getLogger(RoundTrips.class);
    /** What is not known yet stands behind what is measured. */
    private static final long UNKNOWN_MICROS = 10_000_000;
    /** One measurement moves the average by an eighth. */
    private static final int WEIGHT = 8;
    /** Fewer say nothing of a tail, or of a neighbour's illness. */
    private static final int ENOUGH_SAMPLES = 20;
    private static final int TAIL_PER_MILLE = 950;
    /** Slow is more than so many times what the neighbours take, and this much more. */
    private static final int SLOW_TIMES = 4;
    private static final long SLOW_MICROS = 5_000;

    private final ConcurrentHashMap<NodeId, Node> nodes = new ConcurrentHashMap<>();
    private final Clock clock;

    /** One node. Guarded by itself. */
    private static final class Node {
        final Ejection ejection = new Ejection();
        LatencyWindow answers = new LatencyWindow();
        long way; // 0: unknown
        long heardAt;
        boolean heard;
        long answeredAt; // a read that any replica could have served
        int underWay;

        long mean() {
            return answers.samples() > 0 ? answers.mean() : way > 0 ? way : UNKNOWN_MICROS;
        }
    }

    /**
     * What is known of a node, all times in microseconds.
     *
     * @param way there and back without any work; 0 where unknown
     * @param mean of its answers lately; of the way where it was never asked, and 10 s where even that is unknown
     * @param tail 95 % of its answers took at most that; 0 where too few were measured
     * @param underWay requests of this router that it hasn't answered yet
     * @param out whether it is left out where others could be asked
     */
    public record Estimate(NodeId node, long way, long mean, long tail, int underWay, boolean out) {}

    public RoundTrips(Clock clock) {
        this.clock = clock;
    }

    private Node node(NodeId name) {
        Node node = nodes.get(name);
        return node != null ? node : nodes.computeIfAbsent(name, unknown -> new Node());
    }

    /** A request is on its way there: it ends with {@link #measured}, {@link #answered}, {@link #atLeast} or {@link #ended}. */
    public void began(NodeId name) {
        Node node = node(name);
        synchronized (node) {
            node.underWay++;
        }
    }

    /** It ended in a way that tells nothing of its time. */
    public void ended(NodeId name) {
        Node node = node(name);
        synchronized (node) {
            node.underWay = Math.max(0, node.underWay - 1);
        }
    }

    /** It was answered, and how long that took says nothing of what a read takes. */
    public void answered(NodeId name) {
        ended(name);
        Node node = node(name);
        synchronized (node) {
            node.heard = true;
            node.heardAt = clock.nanos();
            if (node.ejection.state() != Ejection.State.IN) {
                node.ejection.fine(node.heardAt);
            }
        }
    }

    /** A read that any replica could have served was answered. */
    public void measured(NodeId name, long nanos) {
        measured(name, nanos, true);
    }

    private void measured(NodeId name, long nanos, boolean complete) {
        ended(name);
        long micros = Math.max(1, nanos / 1_000);
        Node node = node(name);
        long healthy = mayBeSlow(node, micros) ? healthyMicros(name) : Long.MAX_VALUE;
        long now = clock.nanos();
        synchronized (node) {
            node.heard = true;
            node.heardAt = now;
            boolean tried = node.ejection.state() == Ejection.State.PROBATION;
            boolean fine = tried ? complete && micros - node.way <= healthy : node.answers.mean() - node.way <= healthy;
            if (fine && node.ejection.fine(now)) {
                node.answers = new LatencyWindow(); // what it was ill with is over
                log.atInfo().addKeyValue("node", name).log("Node taken in again");
            } else if (!fine && node.answers.samples() >= ENOUGH_SAMPLES || tried && !fine) {
                eject(name, node, now, healthy);
            }
            node.answers.add(micros, now);
            node.answeredAt = now;
        }
    }

    /** A look at this node alone: most answers are far from slow, and cost no look at the others. */
    private static boolean mayBeSlow(Node node, long micros) {
        synchronized (node) {
            return Math.max(micros, node.answers.mean()) - node.way > SLOW_MICROS;
        }
    }

    /** Nobody waited for its answer any longer: it would have taken this long or longer. */
    public void atLeast(NodeId name, long nanos) {
        Node node = node(name);
        long micros = Math.max(1, nanos / 1_000);
        boolean tells;
        synchronized (node) {
            tells = micros > node.mean() || node.ejection.state() == Ejection.State.PROBATION;
        }
        if (tells) {
            measured(name, nanos, false); // else the slowest answers of all would never be seen
        } else {
            ended(name);
        }
    }

    private void eject(NodeId name, Node node, long now, long healthy) {
        if (node.ejection.state() != Ejection.State.OUT) {
            log.atInfo().addKeyValue("node", name).addKeyValue("meanMicros", node.answers.mean()).addKeyValue("wayMicros", node.way)
                    .addKeyValue("healthyMicros", healthy).log("Node left out: it is slow");
        }
        node.ejection.slow(now);
    }

    /** What a node's answers may take beyond the way: unlimited where too little is known of its neighbours, or one of them is out already. */
    private long healthyMicros(NodeId name) {
        long now = clock.nanos();
        long[] work = new long[16];
        int known = 0;
        int neighbours = 0;
        int out = 0;
        for (var entry : nodes.entrySet()) {
            if (entry.getKey().equals(name) || !entry.getKey().region().equals(name.region())) {
                continue;
            }
            Node other = entry.getValue();
            synchronized (other) {
                neighbours++;
                out += other.ejection.isOut(now) ? 1 : 0;
                if (other.answers.samples() >= ENOUGH_SAMPLES && known < work.length && !other.ejection.isOut(now)) {
                    work[known++] = Math.max(0, other.answers.mean() - other.way);
                }
            }
        }
        if (known == 0 || 2 * (out + 1) > neighbours + 1) {
            return Long.MAX_VALUE; // Invariant: at most half of a region's nodes are out for slowness.
        }
        java.util.Arrays.sort(work, 0, known);
        return SLOW_TIMES * work[known / 2] + SLOW_MICROS;
    }

    /** A probe, which does no work at the node, was answered. */
    void probed(NodeId name, long nanos) {
        long micros = Math.max(1, nanos / 1_000);
        Node node = node(name);
        synchronized (node) {
            node.way = node.way == 0 ? micros : node.way + (micros - node.way) / WEIGHT;
            node.heard = true;
            node.heardAt = clock.nanos();
        }
    }

    /** The way to the node and back alone, in microseconds; 0 where no probe was answered yet. */
    long wayMicros(NodeId name) {
        Node node = nodes.get(name);
        if (node == null) {
            return 0;
        }
        synchronized (node) {
            return node.way;
        }
    }

    /** A request wasn't answered, or a probe wasn't. */
    public void failed(NodeId name) {
        Node node = node(name);
        synchronized (node) {
            node.ejection.failed(clock.nanos());
        }
    }

    /** Whether nothing was heard for so long. */
    boolean isStale(NodeId name, long nanos) {
        Node node = nodes.get(name);
        if (node == null) {
            return true;
        }
        synchronized (node) {
            return !node.heard || clock.nanos() - node.heardAt >= nanos;
        }
    }

    public Estimate estimate(NodeId name) {
        Node node = node(name);
        synchronized (node) {
            long tail = node.answers.samples() >= ENOUGH_SAMPLES ? node.answers.quantile(TAIL_PER_MILLE) : 0;
            return new Estimate(name, node.way, node.mean(), tail, node.underWay, node.ejection.state() != Ejection.State.IN);
        }
    }

    /** Whether the caller's read is to find out how a node is that was out, or that nobody has asked for long. Told once for each time. */
    public boolean takesTrial(NodeId name) {
        Node node = node(name);
        synchronized (node) {
            boolean known = node.answers.samples() > 0 || node.ejection.state() != Ejection.State.IN;
            return known && node.ejection.takesTrial(clock.nanos(), node.answeredAt);
        }
    }

    /** Nearest first; what is left out last. */
    public Comparator<NodeId> nearestFirst() {
        return Comparator.<NodeId, Boolean>comparing(node -> estimate(node).out()).thenComparing(node -> estimate(node).mean())
                .thenComparing(Comparator.naturalOrder());
    }
}
