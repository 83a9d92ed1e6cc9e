package io.aviladb.node.link;

import io.aviladb.core.schedule.Scheduler;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the newest topology that some of a list of nodes answers: asks one, waits with it for news, and moves on when it fails. */
public final class RegionWatch implements AutoCloseable {
    private static final long WAIT_MILLIS = 10_000;
    private static final Duration RETRY = Duration.ofMillis(300);

    /** Whom to ask. */
    public interface Candidates {
        List<Topology.Node> nodes();
    }

    private final Candidates candidates;
    private final NodeConnector connector;
    private final Scheduler scheduler;
    private final Runnable onChange;
    private volatile @Nullable Topology newest;
    private volatile boolean answering;
    private volatile boolean closed;
    private int turn; // only one request is under way

    public RegionWatch(Candidates candidates, NodeConnector connector, Scheduler scheduler, Runnable onChange) {
        this.candidates = candidates;
        this.connector = connector;
        this.scheduler = scheduler;
        this.onChange = onChange;
        ask(0);
    }

    private void ask(long known) {
        List<Topology.Node> nodes = candidates.nodes();
        if (closed || nodes.isEmpty()) {
            retry();
            return;
        }
        Topology.Node node = nodes.get(Math.floorMod(turn, nodes.size()));
        NodeApi api = connector.connect(node.node(), node.rpcAddress());
        api.topology(new TopologyRequest(known, known == 0 ? 0 : WAIT_MILLIS)).whenComplete((topology, failure) -> {
            if (failure != null || !topology.self().equals(node.node())) {
                answering = false;
                turn++;
                retry();
                return;
            }
            answering = true;
            Topology before = newest;
            boolean changed = before == null || !before.self().equals(topology.self()) || before.version() != topology.version();
            newest = topology;
            if (changed) {
                onChange.run();
            }
            if (topology.version() == known) {
                var unused = scheduler.schedule(Duration.ofMillis(10), () -> ask(topology.version()));
            } else {
                ask(topology.version());
            }
        });
    }

    private void retry() {
        if (!closed) {
            var unused = scheduler.schedule(RETRY, () -> ask(0));
        }
    }

    public Optional<Topology> newest() {
        return Optional.ofNullable(newest);
    }

    /** Whether the last question was answered. */
    public boolean isAnswering() {
        return answering;
    }

    @Override
    public void close() {
        closed = true;
    }
}
