package io.aviladb.node.consensus.ratis;

import static io.aviladb.node.consensus.ratis.LoopbackCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.ProposalFailure;
import io.aviladb.node.consensus.ProposalFailure.Kind;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.consensus.ratis.LoopbackCluster.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.server.RaftServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds when links are cut, disks fail and logs rot. */
final class FailureTest {
    private static final int GROUP = 3;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    @Test
    void deposedLeaderNeverLiesAboutWhatItProposed() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            cluster.openEverywhere(GROUP);
            Node old = cluster.nodes.getFirst();
            cluster.awaitLeader(GROUP, old);
            cluster.write(GROUP, 1);
            Map<Long, CompletableFuture<Object>> pending = new HashMap<>();
            for (Node other : cluster.nodes.subList(1, 3)) {
                cluster.faults.cut(old.self, other.self);
            }
            for (long n = 100; n < 150; n++) {
                pending.put(n, old.group(GROUP).propose(RecordingState.entry(n), n));
            }
            Node leader = cluster.leader(GROUP, old);
            get(leader.group(GROUP).propose(RecordingState.entry(2), 2L));
            cluster.faults.heal();
            cluster.write(GROUP, 3);
            await().atMost(Duration.ofSeconds(20)).until(() -> pending.values().stream().allMatch(CompletableFuture::isDone));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(old.state(GROUP).numbers()).isEqualTo(leader.state(GROUP).numbers()).contains(3L));
            List<Long> applied = leader.state(GROUP).numbers();
            pending.forEach((n, future) -> {
                if (future.isCompletedExceptionally()) {
                    ProposalFailure failure = (ProposalFailure) future.exceptionNow();
                    boolean mayHaveBeenApplied = failure.kind() == Kind.INDETERMINATE;
                    assertThat(mayHaveBeenApplied || !applied.contains(n)).as("%s: %s", n, failure.kind()).isTrue();
                } else {
                    assertThat(applied).contains(n);
                }
            });
            assertThat(Objects.requireNonNull(pending.get(100L)).exceptionNow()).isInstanceOfSatisfying(ProposalFailure.class,
                    f -> assertThat(f.kind()).isEqualTo(Kind.INDETERMINATE));
        }
    }

    @Test
    void followerRefusesProposalsAndReadsAndNamesTheLeader() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            cluster.openEverywhere(GROUP);
            Node leader = cluster.nodes.getFirst();
            cluster.awaitLeader(GROUP, leader);
            RaftGroup follower = cluster.nodes.get(1).group(GROUP);
            await().until(() -> follower.leadership().leader().equals(java.util.Optional.of(leader.self)));
            assertThatThrownBy(() -> get(follower.propose(RecordingState.entry(1), null))).isInstanceOfSatisfying(ProposalFailure.class,
                    f -> {
                        assertThat(f.kind()).isEqualTo(Kind.NOT_LEADER);
                        assertThat(f.leader()).contains(leader.self);
                    });
            assertThatThrownBy(() -> get(follower.confirmReadIndex())).isInstanceOfSatisfying(ProposalFailure.class,
                    f -> assertThat(f.kind()).isEqualTo(Kind.NOT_LEADER));
            assertThatThrownBy(() -> follower.propose(new byte[LoopbackCluster.TUNING.maxEntryBytes()], null))
                    .isInstanceOf(IllegalArgumentException.class);
            cluster.nodes.get(1).stop(false);
            assertThatThrownBy(() -> get(follower.propose(RecordingState.entry(1), null))).isInstanceOfSatisfying(ProposalFailure.class,
                    f -> assertThat(f.kind()).isEqualTo(Kind.UNAVAILABLE));
            assertThatThrownBy(() -> get(follower.awaitApplied(1_000))).isInstanceOf(ProposalFailure.class);
        }
    }

    /** The control shows that the fault is one that matters: Ratis' own linearizable read answers from the past. */
    @Test
    void deposedLeaderConfirmsNoReadWhereRatisItselfReadsThePast() throws IOException {
        // The old leader is slow to doubt itself, the others are quick to replace it.
        LoopbackCluster.UnaryOperatorOfNode tuning = n -> LoopbackCluster.TUNING
                .withElections(Duration.ofMillis(n == 1 ? 500 : 800), n == 1 ? Duration.ofSeconds(30) : Duration.ofMillis(1_200))
                .withOverrides(Map.of("raft.server.read.option", "LINEARIZABLE"));
        try (LoopbackCluster cluster = new LoopbackCluster(root, tuning)) {
            cluster.openEverywhere(GROUP);
            Node old = cluster.nodes.getFirst();
            cluster.awaitLeader(GROUP, old);
            cluster.write(GROUP, 1);
            get(old.group(GROUP).confirmReadIndex());
            assertThat(ratisRead(old)).as("a first read confirms the commit index").isTrue();

            cluster.nodes.subList(1, 3).forEach(other -> cluster.faults.cut(old.self, other.self));
            Node leader = cluster.leader(GROUP, old);
            get(leader.group(GROUP).propose(RecordingState.entry(2), 2L));

            assertThat(ratisRead(old)).as("control: Ratis answers").isTrue();
            assertThat(old.state(GROUP).numbers()).as("control: what it answers from").containsExactly(1L);
            assertThat(old.group(GROUP).leadership().ready()).as("the old leader still believes").isTrue();

            assertThatThrownBy(() -> get(old.group(GROUP).confirmReadIndex())).isInstanceOf(ProposalFailure.class);
            cluster.cutsRpc = false;
            assertThatThrownBy(() -> get(old.group(GROUP).confirmReadIndex())).isInstanceOfSatisfying(ProposalFailure.class,
                    f -> assertThat(f.kind()).isEqualTo(Kind.NOT_LEADER));
            long index = get(leader.group(GROUP).confirmReadIndex());
            get(leader.group(GROUP).awaitApplied(index));
            assertThat(leader.state(GROUP).numbers()).containsExactly(1L, 2L);
        }
    }

    private static boolean ratisRead(Node node) throws IOException {
        RaftServer.Division division = Objects.requireNonNull(((RatisGroup) node.group(GROUP)).division());
        RaftClientReply reply = get(((RaftClientAsynchronousProtocol) division).submitClientRequestAsync(RaftClientRequest.newBuilder()
                .setClientId(ClientId.randomId()).setServerId(division.getId()).setGroupId(division.getMemberId().getGroupId()).setCallId(1)
                .setMessage(Message.valueOf("read")).setType(RaftClientRequest.readRequestType()).build()));
        return reply.isSuccess();
    }

    @Test
    void replicaWithAFailedLogIsStartedAgainAndCatchesUp() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            cluster.openEverywhere(GROUP);
            cluster.awaitLeader(GROUP, cluster.nodes.getFirst());
            cluster.write(GROUP, 1);
            cluster.awaitSame(GROUP, 1);
            RatisGroup follower = (RatisGroup) cluster.nodes.get(1).group(GROUP);
            RaftServer.Division before = follower.division();
            follower.logFailed(new IOException("No space left on device"));
            assertThat(follower.isAlive()).isFalse();
            cluster.write(GROUP, 2);
            await().atMost(Duration.ofSeconds(20)).until(follower::isAlive);
            assertThat(follower.division()).isNotSameAs(before);
            assertThat(cluster.nodes.get(1).state(GROUP).opened).hasValue(2);
            cluster.awaitSame(GROUP, 2);
        }
    }

    @Test
    void replicaWithADamagedLogIsRebuiltFromItsPeers() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            GroupDescriptor descriptor = cluster.openEverywhere(GROUP);
            cluster.awaitLeader(GROUP, cluster.nodes.getFirst());
            for (long n = 1; n <= 120; n++) {
                cluster.write(GROUP, n);
            }
            Node damaged = cluster.nodes.get(2);
            damaged.stop(true);
            Path segment = largestLogFile(damaged.directory.resolve("raft"));
            byte[] bytes = Files.readAllBytes(segment);
            bytes[400] ^= 1;
            Files.write(segment, bytes);
            damaged.start();
            damaged.open(descriptor);
            cluster.awaitSame(GROUP, 120);
            try (var groups = Files.list(damaged.directory.resolve("groups"))) {
                assertThat(groups.map(p -> p.getFileName().toString())).anyMatch(n -> n.startsWith(GROUP + ".damaged-"));
            }
        }
    }

    private static Path largestLogFile(Path raft) throws IOException {
        try (var files = Files.walk(raft)) {
            return files.filter(p -> p.getFileName().toString().startsWith("log_")).max(Comparator.comparing(p -> p.toFile().length()))
                    .orElseThrow();
        }
    }

    @Test
    void replicaWhoseApplyThrowsStopsAloneAndStaysStopped() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            cluster.openEverywhere(GROUP);
            cluster.openEverywhere(GROUP + 1);
            cluster.awaitLeader(GROUP, cluster.nodes.getFirst());
            cluster.awaitLeader(GROUP + 1, cluster.nodes.getFirst());
            Node poisoned = cluster.nodes.get(1);
            poisoned.state(GROUP).mindsPoison = true;
            cluster.write(GROUP, RecordingState.POISON);
            RatisGroup broken = (RatisGroup) poisoned.group(GROUP);
            await().atMost(Duration.ofSeconds(10)).until(() -> broken.health() == RatisGroup.Health.BROKEN);
            assertThat(broken.isAlive()).isFalse();
            cluster.write(GROUP, 1);
            cluster.write(GROUP + 1, 1);
            cluster.awaitSame(GROUP + 1, 1);
            assertThat(poisoned.state(GROUP).opened).as("not started again").hasValue(1);
            assertThatThrownBy(() -> get(broken.propose(RecordingState.entry(1), null))).isInstanceOf(ProposalFailure.class);
        }
    }

    @Test
    void leadershipIsHandedOnRequestAndStays() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            cluster.openEverywhere(GROUP);
            cluster.awaitLeader(GROUP, cluster.nodes.getFirst());
            Node next = cluster.nodes.get(2);
            get(cluster.nodes.getFirst().group(GROUP).transferLeadership(next.self));
            cluster.awaitLeader(GROUP, next);
            assertThat(get(next.group(GROUP).propose(RecordingState.entry(1), 1L))).isEqualTo(1);
            assertThat(cluster.nodes.getFirst().group(GROUP).leadership().leader()).contains(next.self);
        }
    }
}
