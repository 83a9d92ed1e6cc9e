package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.ConsensusPeers;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.LogPosition;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.RaftPeerId;

/** What a replica asks of the server that it lives in. */
interface RatisHost {
    ConsensusPeers peers();

    NodeId node(RaftPeerId peer);

    ReplicaLife life(RatisGroup group);

    CompletableFuture<LogPosition> snapshot(RatisGroup group);

    CompletableFuture<Void> transfer(RatisGroup group, NodeId to);

    CompletableFuture<Void> changeMembers(RatisGroup group, List<GroupDescriptor.Member> voters);

    CompletableFuture<LogPosition> install(RatisGroup group, NodeId leader, long index);

    void leadershipChanged(RatisGroup group);
}
