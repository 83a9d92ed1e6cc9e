package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.ConsensusPeers;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.consensus.LinkFaults;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.consensus.ReplicatedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.util.AtomicFileOutputStream;
import org.apache.ratis.util.ExitUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's Raft server: one per data directory, one address for all groups. Groups on disk come back with {@link #open}, each on its own,
 * so that one that can't be opened keeps no other from serving.
 */
public final class RatisServer implements AutoCloseable, RatisHost {
    private static final Logger LOG = LoggerFactory.getLogger(RatisServer.class);
    private static final long TRANSFER_MILLIS = 3_000;

    private final Settings settings;
    private final ConsensusPeers peers;
    private final DirectoryLock lock;
    private final FaultGate gate;
    private final RaftServer server;
    private final Map<Integer, ReplicaLife> replicas = new ConcurrentHashMap<>();
    private final Map<RaftGroupId, ReplicaLife> byId = new ConcurrentHashMap<>();
    private final Map<RaftPeerId, NodeId> nodes = new ConcurrentHashMap<>();
    private final List<BiConsumer<Integer, Leadership>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Integer, Leadership> told = new ConcurrentHashMap<>();
    private final ExecutorService events = Executors.newSingleThreadExecutor(daemon("raft-events"));
    private final ExecutorService snapshots = Executors.newSingleThreadExecutor(daemon("raft-snapshots"));
    private final ExecutorService installs = Executors.newCachedThreadPool(daemon("raft-installs"));
    private final Supervisor supervisor;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();

    private RatisServer(Settings settings, ConsensusPeers peers, LinkFaults faults, DirectoryLock lock) throws IOException {
        this.settings = settings;
        this.peers = peers;
        this.lock = lock;
        this.gate = new FaultGate(settings.self(), faults, this::isVoteless);
        // Ratis starts all groups that it finds; we open them one by one, so it first sees an empty place.
        Path empty = Files.createDirectories(settings.raftDirectory().resolve("empty"));
        RaftProperties properties = RatisProperties.of(settings, empty);
        Parameters parameters = new Parameters();
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, gate);
        this.server = RaftServer.newBuilder().setServerId(RatisNames.peer(settings.self())).setProperties(properties)
                .setParameters(parameters)
                .setStateMachineRegistry(this::machine).setOption(RaftStorage.StartupOption.RECOVER).build();
        RatisProperties.moveStorage(properties, settings.raftDirectory());
        this.supervisor = new Supervisor(settings, replicas::values, this);
    }

    /** @throws IllegalStateException where the class path puts Ratis before this module: a full disk could cost a replica its vote */
    private static void requireOwnFileStream() {
        boolean inPlace;
        try {
            inPlace = AtomicFileOutputStream.isInPlace();
        } catch (NoSuchMethodError ofRatis) {
            inPlace = false;
        }
        if (!inPlace) {
            throw new IllegalStateException("the class path must name aviladb-node before ratis-common: "
                    + "without its AtomicFileOutputStream a full disk can cost a replica its vote");
        }
    }

    /**
     * Starts listening; serves no group yet.
     *
     * @throws IOException where the directory is in use or the port is taken
     * @throws IllegalArgumentException where a setting is unsafe
     */
    public static RatisServer start(Settings settings, ConsensusPeers peers, LinkFaults faults) throws IOException {
        // Ratis would end the process where it can't listen.
        ExitUtils.disableSystemExit();
        requireOwnFileStream();
        DirectoryLock lock = DirectoryLock.take(settings.directory());
        RatisServer started = null;
        try {
            started = new RatisServer(settings, peers, faults, lock);
            started.server.start();
            started.supervisor.start();
            return started;
        } catch (IOException | RuntimeException | Error e) {
            if (started != null) {
                started.close();
            } else {
                lock.close();
            }
            if (e instanceof ExitUtils.ExitException) {
                throw new IOException("can't listen on " + settings.bindHost() + ":" + settings.port(), e);
            }
            throw e;
        }
    }

    /** The port it listens on. */
    public int boundPort() {
        return server.getServerRpc().getInetSocketAddress().getPort();
    }

    /**
     * Adds this node's replica of a group, or brings it back with what is on disk. A group that is open already stays as it is.
     *
     * @throws IOException where log or state can't be opened
     */
    public synchronized RaftGroup open(GroupDescriptor descriptor, ReplicatedState state) throws IOException {
        ReplicaLife known = replicas.get(descriptor.number());
        if (known != null) {
            return known.group();
        }
        descriptor.members().forEach(m -> nodes.put(RatisNames.peer(m.node()), m.node()));
        RatisGroup group = new RatisGroup(descriptor, state, settings, this);
        ReplicaLife life = new ReplicaLife(group, server, settings, peers);
        byId.put(group.id(), life);
        try {
            life.start();
        } catch (IOException | RuntimeException e) {
            byId.remove(group.id());
            throw e;
        }
        replicas.put(descriptor.number(), life);
        leadershipChanged(group);
        return group;
    }

    /** Removes this node's replica of a group, with log, state and snapshots. */
    public synchronized void remove(int group) throws IOException {
        ReplicaLife life = replicas.remove(group);
        if (life != null) {
            life.delete();
            byId.remove(life.group().id());
            told.remove(group);
        }
    }

    /** Calls back after a change of what this node knows of a group's leader, on one thread and in order; states in between may be skipped. */
    public void onLeadership(BiConsumer<Integer, Leadership> listener) {
        listeners.add(listener);
        replicas.values()
                .forEach(life -> events.execute(() -> listener.accept(life.group().descriptor().number(), life.group().leadership())));
    }

    /**
     * The directory of this replica's newest snapshot, for sending; made where there is none yet. Its name is {@code <term>_<index>}. It
     * stays for as long as no two newer ones were taken. Blocks.
     *
     * @return empty where this node has no such replica, or the replica has applied nothing
     */
    public Optional<Path> newestSnapshot(int group) throws IOException {
        ReplicaLife life = replicas.get(group);
        if (life == null) {
            return Optional.empty();
        }
        life.dropDamagedSnapshots();
        if (life.newestSnapshot().isEmpty()) {
            try {
                life.group().snapshot().join();
            } catch (CompletionException e) {
                throw new IOException("no snapshot of group " + group, e);
            }
        }
        return life.newestSnapshot();
    }

    /** Closes all replicas and frees port and directory. Nobody is asked to take over: the others notice. */
    @Override
    public synchronized void close() {
        replicas.values().forEach(life -> life.group().stopped(RatisGroup.Health.CLOSED));
        shutDown();
    }

    /** Ends as a crash of the process would: nothing more is applied, answered or written down. Port and directory are free afterwards. */
    public synchronized void kill() {
        replicas.values().forEach(ReplicaLife::kill);
        shutDown();
    }

    private void shutDown() {
        supervisor.close();
        snapshots.shutdown();
        installs.shutdownNow();
        try {
            server.close();
            if (!snapshots.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.atWarn().log("A snapshot is still being written");
            }
            replicas.values().forEach(ReplicaLife::release);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("The Raft server didn't close cleanly");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            events.shutdown();
            gate.close();
            unlock();
        }
    }

    private void unlock() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("The directory's lock didn't close");
        }
    }

    private boolean isVoteless(RaftGroupId id) {
        ReplicaLife life = byId.get(id);
        return life != null && life.isRebuilding();
    }

    private StateMachine machine(RaftGroupId id) {
        ReplicaLife life = byId.get(id);
        if (life == null) {
            throw new IllegalStateException("Ratis asks for a group that wasn't opened: " + id);
        }
        return life.newMachine();
    }

    @Override
    public ConsensusPeers peers() {
        return peers;
    }

    @Override
    public NodeId node(RaftPeerId peer) {
        NodeId known = nodes.get(peer); // asked many times a second for each group: no lock
        return known != null ? known : nodes.computeIfAbsent(peer, p -> RatisNames.node(p.toString()));
    }

    @Override
    public ReplicaLife life(RatisGroup group) {
        ReplicaLife life = byId.get(group.id());
        if (life == null) {
            throw Failures.unavailable("the group was removed");
        }
        return life;
    }

    @Override
    public CompletableFuture<LogPosition> snapshot(RatisGroup group) {
        return async(snapshots, () -> life(group).snapshot().orElse(LogPosition.START));
    }

    @Override
    public CompletableFuture<LogPosition> install(RatisGroup group, NodeId leader, long index) {
        return async(installs, () -> life(group).install(peers, leader, index));
    }

    @Override
    public CompletableFuture<Void> transfer(RatisGroup group, NodeId to) {
        var request = new TransferLeadershipRequest(client, server.getId(), group.id(), calls.incrementAndGet(), RatisNames.peer(to),
                TRANSFER_MILLIS);
        return async(installs, () -> {
            RaftClientReply reply = server.transferLeadership(request);
            if (!reply.isSuccess()) {
                throw Failures.of(reply.getException(), false, group.leadership().leader());
            }
            return reply;
        }).thenAccept(reply -> {});
    }

    @Override
    public CompletableFuture<Void> changeMembers(RatisGroup group, List<GroupDescriptor.Member> voters) {
        return async(installs, () -> {
            RaftServer.Division division = group.division();
            if (division == null) {
                throw Failures.unavailable("the replica is " + group.health());
            }
            if (group.applied().equals(LogPosition.START)) {
                group.nudge(); // a newcomer begins with a snapshot, and there is none of nothing
            }
            try {
                Configuration.change(server, division, client, calls.incrementAndGet(), voters);
            } catch (IOException e) {
                throw Failures.of(e, false, group.leadership().leader());
            }
            return group;
        }).thenAccept(changed -> {});
    }

    @Override
    public void leadershipChanged(RatisGroup group) {
        try {
            events.execute(() -> tell(group));
        } catch (RejectedExecutionException e) {
            LOG.atTrace().log("A change of leadership after the end");
        }
    }

    private void tell(RatisGroup group) {
        int number = group.descriptor().number();
        Leadership now = group.leadership();
        if (!replicas.containsKey(number) || now.equals(told.put(number, now))) {
            return;
        }
        for (BiConsumer<Integer, Leadership> listener : listeners) {
            try {
                listener.accept(number, now);
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).addKeyValue("group", number).log("A listener for leadership failed");
            }
        }
    }

    /** A task that may throw. */
    private interface Task<T> {
        T run() throws IOException;
    }

    private static <T> CompletableFuture<T> async(ExecutorService on, Task<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            on.execute(() -> {
                try {
                    done.complete(task.run());
                } catch (IOException | RuntimeException | Error e) {
                    done.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(Failures.unavailable("the server is closed"));
        }
        return done;
    }

    private static java.util.concurrent.ThreadFactory daemon(String name) {
        return Thread.ofPlatform().daemon().name(name).factory();
    }
}
