package io.aviladb.node.range;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.RaftGroup;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A leader whose log the test is: what it may not be asked for fails. */
class LeaderAlone implements RaftGroup {
    @Override
    public GroupDescriptor descriptor() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Object> propose(byte[] entry, @Nullable Object context) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Leadership leadership() {
        return new Leadership(1, true, Optional.empty());
    }

    @Override
    public long currentTerm() {
        return 1;
    }

    @Override
    public Standing standing() {
        return new Standing(1, 0, true);
    }

    @Override
    public LogPosition applied() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> awaitApplied(long index) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Long> confirmReadIndex() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<LogPosition> snapshot() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> transferLeadership(NodeId to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void describe(GroupDescriptor placed) {
        throw new UnsupportedOperationException("its members stay");
    }

    @Override
    public List<NodeId> members() {
        return descriptor().nodes();
    }

    @Override
    public CompletableFuture<Void> changeMembers(List<GroupDescriptor.Member> voters) {
        throw new UnsupportedOperationException("its members stay");
    }

    @Override
    public boolean isAlive() {
        return true;
    }
}
