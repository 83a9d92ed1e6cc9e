package io.aviladb.node.link;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.node.group.DataGroup;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.proto.node.StreamRequest;
import io.aviladb.proto.node.TermRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.replication.feed.FollowRequest;
import io.aviladb.replication.feed.Piece;
import io.aviladb.replication.link.Link;
import io.aviladb.replication.link.LinkEnvironment;
import io.aviladb.replication.link.LinkProgress;
import io.aviladb.replication.spi.LocalProposer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The links that this node pulls: for each group that it leads, one to each group of another region which owns something of the same keys. They
 * begin and end with leadership; cursors are in the group's log, so nothing else has to move.
 */
public final class RegionLinks implements AutoCloseable {
    private final RegionId self;
    private final NodeConnector connector;
    private final Scheduler scheduler;
    private final Executor executor;
    private final InstantSource wallClock;
    private final Map<LinkName, Running> links = new HashMap<>(); // guarded by this

    private record LinkName(int targetGroup, RegionIncarnation source, int sourceGroup) {}

    private record Shared(long targetRange, long sourceRange, KeyRange interval) {}

    private static final class Running {
        final AtomicInteger marksWanted = new AtomicInteger(); // since the request under way was sent, which counts too
        final Link link;
        final RegionId from;
        final Environment environment;

        Running(Link link, RegionId from, Environment environment) {
            this.link = link;
            this.from = from;
            this.environment = environment;
        }
    }

    public RegionLinks(RegionId self, NodeConnector connector, Scheduler scheduler, Executor executor, InstantSource wallClock) {
        this.self = self;
        this.connector = connector;
        this.scheduler = scheduler;
        this.executor = executor;
        this.wallClock = wallClock;
    }

    /** Brings the links in line with what is led here and what other regions have. Called often; cheap where nothing changed. */
    public synchronized void align(List<DataGroup> groups, List<Topology> remotes) {
        Map<LinkName, Environment> wanted = new HashMap<>();
        for (Topology remote : remotes) {
            Optional<Topology.Region> region = remote.regions().stream().filter(r -> r.region().equals(remote.self().region())).findFirst();
            if (region.isEmpty()) {
                continue;
            }
            for (DataGroup group : groups) {
                if (!group.leads()) {
                    continue;
                }
                Map<Integer, List<Shared>> bySource = new HashMap<>();
                for (OwnedRange owned : group.machine().ranges().values()) {
                    for (Topology.Range range : remote.ranges()) {
                        owned.keys().intersect(range.keys())
                                .ifPresent(interval -> bySource.computeIfAbsent(range.group(), g -> new ArrayList<>())
                                        .add(new Shared(owned.ref().range(), range.ref().range(), interval)));
                    }
                }
                bySource.forEach((sourceGroup, shared) -> wanted.put(
                        new LinkName(group.descriptor().number(), region.get().incarnation(), sourceGroup),
                        new Environment(group, region.get(), sourceGroup, shared, remote)));
            }
        }
        links.entrySet().removeIf(entry -> {
            if (wanted.containsKey(entry.getKey())) {
                return false;
            }
            entry.getValue().link.close();
            return true;
        });
        wanted.forEach((name, environment) -> {
            Running running = links.get(name);
            if (running == null) {
                String text = environment.region.region() + "/" + name.sourceGroup() + "→" + self + "/" + name.targetGroup();
                links.put(name,
                        new Running(new Link(text, environment, scheduler, executor, wallClock), environment.region.region(), environment));
            } else {
                running.environment.remote = environment.remote;
                if (!running.environment.shared.equals(environment.shared)) {
                    running.environment.shared = environment.shared;
                    running.link.piecesChanged();
                }
            }
        });
    }

    /** Asks the groups that this one pulls from to close soon, so that its coverage moves though nothing is written there. */
    public void wantMarks(int targetGroup) {
        List<Running> asked;
        synchronized (this) {
            asked = links.entrySet().stream().filter(link -> link.getKey().targetGroup() == targetGroup).map(Map.Entry::getValue).toList();
        }
        for (Running link : asked) {
            if (link.marksWanted.getAndIncrement() == 0) {
                askForMark(link);
            }
        }
    }

    private void askForMark(Running link) {
        int answers = link.marksWanted.get();
        Topology.Node source = link.environment.sourceLeader();
        CompletableFuture<?> asked = source == null
                ? CompletableFuture.completedFuture(null)
                : connector.connect(source.node(), source.rpcAddress()).currentTerm(new TermRequest(link.environment.sourceGroup, true));
        asked.whenComplete((term, lost) -> { // where it was lost the source's own ticks come, a little later
            if (link.marksWanted.addAndGet(-answers) > 0) {
                askForMark(link); // others have begun to wait since
            }
        });
    }

    public synchronized List<NodeStatus.Link> status() {
        List<NodeStatus.Link> list = new ArrayList<>();
        links.forEach((name, running) -> {
            LinkProgress progress = running.link.progress();
            list.add(new NodeStatus.Link(running.from, self, name.sourceGroup(), name.targetGroup(), progress.lagMillis(),
                    progress.lagEntries(),
                    progress.state(), progress.receivedBytes(), progress.jsonBytes()));
        });
        return list;
    }

    @Override
    public synchronized void close() {
        links.values().forEach(running -> running.link.close());
        links.clear();
    }

    private final class Environment implements LinkEnvironment {
        private final DataGroup group;
        private final Topology.Region region;
        private final int sourceGroup;
        private volatile List<Shared> shared;
        private volatile Topology remote;
        private int turn;

        Environment(DataGroup group, Topology.Region region, int sourceGroup, List<Shared> shared, Topology remote) {
            this.group = group;
            this.region = region;
            this.sourceGroup = sourceGroup;
            this.shared = shared;
            this.remote = remote;
        }

        @Override
        public Optional<FollowRequest> cursors() {
            List<Piece> pieces = new ArrayList<>();
            for (Shared piece : shared) {
                OwnedRange owned = group.machine().ranges().get(piece.targetRange());
                if (owned != null && owned.keys().covers(piece.interval())) { // else it has been cut since: the next look at it comes soon
                    owned.cursors(region.incarnation(), piece.interval()).forEach((part, cursor) -> pieces
                            .add(new Piece(piece.targetRange(), piece.sourceRange(), part, cursor)));
                }
            }
            return pieces.isEmpty() || !group.leads() ? Optional.empty() : Optional.of(new FollowRequest(region.incarnation(), pieces));
        }

        @Override
        public NodeStream open(FollowRequest request, NodeStream.Receiver receiver) {
            Topology.Node source = source();
            if (source == null) {
                receiver.onError(new IllegalStateException("no node of " + region.region() + " is known for group " + sourceGroup));
                return NOTHING;
            }
            return connector.connect(source.node(), source.rpcAddress()).open(
                    new StreamRequest(StreamRequest.Kind.FEED, sourceGroup, request.encode()),
                    receiver);
        }

        Topology.@Nullable Node sourceLeader() {
            Topology topology = remote;
            return topology.groups().stream().filter(g -> g.group() == sourceGroup).findFirst().flatMap(Topology.Group::leader)
                    .flatMap(leader -> topology.nodes().stream().filter(node -> node.node().equals(leader)).findFirst()).orElse(null);
        }

        /** The leader, since it applies first; after a failure any member in turn. */
        private Topology.@Nullable Node source() {
            Topology topology = remote;
            Optional<Topology.Group> sourceDescriptor = topology.groups().stream().filter(g -> g.group() == sourceGroup).findFirst();
            if (sourceDescriptor.isEmpty()) {
                return null;
            }
            var members = sourceDescriptor.get().members();
            var chosen = turn++ % 2 == 0 && sourceDescriptor.get().leader().isPresent()
                    ? sourceDescriptor.get().leader().get()
                    : members.get(Math.floorMod(turn / 2, members.size()));
            return topology.nodes().stream().filter(node -> node.node().equals(chosen)).findFirst().orElse(null);
        }

        @Override
        public LocalProposer proposer() {
            return group;
        }
    }

    private static final NodeStream NOTHING = new NodeStream() {
        @Override
        public void request(int frames) {
            // There is nothing to come.
        }

        @Override
        public void cancel() {
            // There is nothing to end.
        }
    };
}
