package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.ConsensusPeers;
import io.aviladb.node.consensus.GroupDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a replica that lost its log earns its vote back. It follows, but neither votes nor stands for election, until it has committed all that the
 * log of a leader of its own or a later term held after its return.
 *
 * <p>Invariant: whatever this replica acknowledged before the loss, and was committed, is in that leader's log. A leader of a later term was
 * elected by a majority that doesn't need this replica's lost log, since it doesn't vote without it; and a leader of the same term sent the
 * entries itself (Ongaro, Consensus: Bridging Theory and Practice, 3.6.3, 11.7.2). See decision 6.
 */
final class Probation {
    private static final Logger LOG = LoggerFactory.getLogger(Probation.class);
    private static final Duration ASK = Duration.ofMillis(500);
    private static final Duration TELL = Duration.ofSeconds(30);

    private final RatisGroup group;
    private final ConsensusPeers peers;
    private final NodeId self;
    private volatile long target = -1; // what the leader's log held; -1: not known yet
    private long asked = System.nanoTime() - ASK.toNanos();
    private long told = System.nanoTime();

    Probation(RatisGroup group, ConsensusPeers peers, NodeId self) {
        this.group = group;
        this.peers = peers;
        this.self = self;
    }

    /** Looked at again and again, by one thread. @return whether it is over */
    boolean isOver() {
        RaftServer.Division division = group.division();
        if (division == null) {
            return false;
        }
        long now = System.nanoTime();
        if (target < 0 && now - asked >= ASK.toNanos()) {
            asked = now;
            askLeader();
        }
        if (target >= 0 && division.getRaftLog().getLastCommittedIndex() >= target) {
            LOG.atInfo().addKeyValue("group", group.descriptor().number()).addKeyValue("through", target)
                    .log("Rebuilt through what the leader's log held: this replica votes again");
            return true;
        }
        if (now - told >= TELL.toNanos()) {
            told = now;
            tellWhyNot();
        }
        return false;
    }

    private void askLeader() {
        group.leadership().leader().filter(leader -> !leader.equals(self))
                .ifPresent(leader -> peers.standing(leader, group.descriptor().number()).whenComplete((standing, error) -> {
                    // Its own term is read after the answer: what it knew before the loss is in it.
                    if (error == null && standing.ledThrough() >= 0 && standing.term() >= group.currentTerm()) {
                        target = standing.ledThrough();
                    } else if (error != null) {
                        LOG.atDebug().setCause(error).addKeyValue("leader", leader).log("The leader didn't say how far its log goes");
                    }
                }));
    }

    private void tellWhyNot() {
        List<CompletableFuture<Boolean>> rebuilt = new ArrayList<>();
        for (GroupDescriptor.Member member : group.descriptor().members()) {
            if (!member.node().equals(self)) {
                rebuilt.add(peers.standing(member.node(), group.descriptor().number()).orTimeout(2, TimeUnit.SECONDS)
                        .handle((standing, error) -> error == null && !standing.votes()));
            }
        }
        CompletableFuture.allOf(rebuilt.toArray(CompletableFuture[]::new)).thenRun(() -> {
            long damaged = 1 + rebuilt.stream().filter(CompletableFuture::join).count();
            int members = group.descriptor().members().size();
            if (2 * damaged > members) {
                LOG.atError().addKeyValue("group", group.descriptor().number()).addKeyValue("damaged", damaged)
                        .log("A majority of the group's replicas lost their log: no leader can be elected without a risk of losing acknowledged"
                                + " writes. Stop the nodes and restore the group's directories of one of them from a copy of the disk");
            } else {
                LOG.atWarn().addKeyValue("group", group.descriptor().number()).addKeyValue("target", target)
                        .log("Still rebuilding: without a vote until the log has caught up with the leader's");
            }
        });
    }
}
