package io.aviladb.node.consensus.ratis;

import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.ReplicatedState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Applies one group's log to its {@link ReplicatedState}, once and in order, on Ratis' updater thread. Lives as long as one start of the
 * replica; healing makes a new one over the same state.
 *
 * <p>Ratis replays from the newest snapshot, so entries at or below what the state holds come again after a restart and are skipped.
 */
final class GroupMachine extends BaseStateMachine {
    private static final CompletableFuture<Message> DONE = CompletableFuture.completedFuture(Message.EMPTY);

    /** What the machine tells the replica that owns it. */
    interface Owner {
        void started(RaftServer.Division division);

        /** The state was opened at this position, which may lie before what was applied when it was last open. */
        void opened(LogPosition at);

        void applied(LogPosition at, long bytes);

        void broken(LogPosition at, Throwable cause);

        void damaged(Throwable cause);

        void logFailed(Throwable cause);

        void leadershipChanged();

        /** Blocks until a snapshot at or after the index is published. */
        CompletableFuture<LogPosition> install(RaftPeerId leader, long index);
    }

    private final ReplicatedState state;
    private final SnapshotStore store;
    private final Owner owner;
    /** Held to open or close the state and while a checkpoint is written; taken before {@link #stateLock}. */
    private final ReentrantLock lifeLock = new ReentrantLock();
    /** Held while an entry is applied. */
    private final ReentrantLock stateLock = new ReentrantLock();
    private volatile boolean open;
    private volatile boolean killed;
    /** How far Ratis' updater has come, skipped entries included: the log below may go. Behind applied only while it replays. */
    private volatile long seen = -1;

    GroupMachine(ReplicatedState state, SnapshotStore store, Owner owner) {
        this.state = state;
        this.store = store;
        this.owner = owner;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId id, RaftStorage disk) throws IOException {
        super.initialize(server, id, disk);
        owner.started(server.getDivision(id));
        getLifeCycle().startAndTransition(() -> open(false), IOException.class);
    }

    private void open(boolean force) throws IOException {
        lifeLock.lock();
        stateLock.lock();
        try {
            LogPosition at = store.open(state, force);
            open = true;
            boolean empty = at.equals(LogPosition.START);
            setLastAppliedTermIndex(empty ? TermIndex.INITIAL_VALUE : TermIndex.valueOf(at.term(), at.index()));
            owner.opened(at);
        } finally {
            stateLock.unlock();
            lifeLock.unlock();
        }
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        TransactionContext.Builder transaction = TransactionContext.newBuilder().setStateMachine(this).setClientRequest(request);
        if (request.getMessage() instanceof Proposal proposal) {
            return transaction.setStateMachineContext(proposal).build();
        }
        TransactionContext refused = transaction.build();
        refused.setException(new IOException("entries come from this node's own proposals only"));
        return refused;
    }

    @Override
    public TransactionContext preAppendTransaction(TransactionContext transaction) throws IOException {
        if (transaction.getStateMachineContext() instanceof Proposal proposal) {
            proposal.markAppended();
        }
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        Proposal proposal = transaction.getStateMachineContext() instanceof Proposal p ? p : null;
        LogPosition at = new LogPosition(entry.getTerm(), entry.getIndex());
        byte[] bytes = proposal == null ? EntryBytes.of(entry.getStateMachineLogEntry().getLogData()) : proposal.entry();
        Object answer;
        stateLock.lock();
        try {
            if (isSkipped(at.index())) {
                return DONE;
            }
            answer = apply(at, bytes, proposal == null ? null : proposal.context());
            moveTo(at);
        } catch (RuntimeException | Error e) {
            owner.broken(at, e);
            throw e;
        } finally {
            stateLock.unlock();
        }
        owner.applied(at, bytes.length);
        if (proposal != null) {
            proposal.answer().complete(answer);
        }
        return DONE;
    }

    /** An empty entry is the adapter's own and only moves the log on. */
    private Object apply(LogPosition at, byte[] bytes, @Nullable Object context) {
        if (bytes.length > 0) {
            return state.apply(at, bytes, context);
        }
        state.advance(at);
        return at;
    }

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        LogPosition at = new LogPosition(term, index);
        stateLock.lock();
        try {
            if (isSkipped(index)) {
                return;
            }
            state.advance(at);
            moveTo(at);
        } finally {
            stateLock.unlock();
        }
        owner.applied(at, 0);
    }

    /**
     * Entries that the state holds already; and, between a pause and the snapshot's adoption, or after a simulated crash, all: the snapshot
     * holds them, or the next start replays them.
     */
    private boolean isSkipped(long index) {
        seen = Math.max(seen, index);
        return !open || killed || index <= getLastAppliedTermIndex().getIndex();
    }

    private void moveTo(LogPosition at) {
        updateLastAppliedTermIndex(at.term(), at.index());
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        closeState();
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        getLifeCycle().startAndTransition(() -> open(true), IOException.class);
    }

    @Override
    public void close() throws IOException {
        closeState();
    }

    void closeState() {
        lifeLock.lock();
        stateLock.lock();
        try {
            if (open) {
                open = false;
                state.close();
            }
        } finally {
            stateLock.unlock();
            lifeLock.unlock();
        }
    }

    /** From now on nothing is applied or answered, as if the process were gone. */
    void kill() {
        killed = true;
    }

    /** Writes and publishes a checkpoint, beside the applies. Call from one thread at a time. */
    SnapshotStore.@Nullable Snapshot checkpoint() throws IOException {
        Path directory = store.writing();
        LogPosition at;
        lifeLock.lock();
        try {
            if (!open || killed || getLastAppliedTermIndex().getIndex() < 1) {
                return null;
            }
            at = state.checkpoint(directory);
            // The copy is made of links to the files: damage would be handed on, under a fresh manifest.
            state.verify();
        } catch (IOException | RuntimeException e) {
            if (Damage.isOfState(e)) {
                owner.damaged(e);
            }
            throw e;
        } finally {
            lifeLock.unlock();
        }
        return store.publishWritten(directory, at);
    }

    /** Up to where the log is no longer needed here: the newest snapshot, but nothing that the updater has yet to read. */
    long purgeable() {
        return Math.min(store.newest().map(s -> s.at().index()).orElse(-1L), seen - 1);
    }

    @Override
    public long takeSnapshot() {
        return store.newest().map(s -> s.at().index()).orElse(-1L);
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return store.newest().map(GroupMachine::info).orElse(null);
    }

    private static SnapshotInfo info(SnapshotStore.Snapshot snapshot) {
        TermIndex at = TermIndex.valueOf(snapshot.at().term(), snapshot.at().index());
        List<FileInfo> files = List.of(new FileInfo(snapshot.directory(), null));
        return new SnapshotInfo() {
            @Override
            public TermIndex getTermIndex() {
                return at;
            }

            @Override
            public List<FileInfo> getFiles() {
                return files;
            }
        };
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        StateMachineStorage none = super.getStateMachineStorage();
        return new StateMachineStorage() {
            @Override
            public void init(RaftStorage storage) throws IOException {
                none.init(storage);
            }

            @Override
            public @Nullable SnapshotInfo getLatestSnapshot() {
                return GroupMachine.this.getLatestSnapshot();
            }

            @Override
            public void format() throws IOException {
                none.format();
            }

            @Override
            public void cleanupOldSnapshots(org.apache.ratis.statemachine.SnapshotRetentionPolicy policy) {
                // The store keeps the newest two whenever it publishes one.
            }
        };
    }

    @Override
    public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(RoleInfoProto role, TermIndex firstInLog) {
        RaftPeerId leader = RaftPeerId.valueOf(role.getFollowerInfo().getLeaderInfo().getId().getId());
        return owner.install(leader, firstInLog.getIndex() - 1).thenApply(at -> TermIndex.valueOf(at.term(), at.index()));
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        owner.logFailed(cause);
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId self, RaftPeerId leader) {
        owner.leadershipChanged();
    }

    @Override
    public void notifyLeaderReady() {
        owner.leadershipChanged();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        owner.leadershipChanged();
    }
}
