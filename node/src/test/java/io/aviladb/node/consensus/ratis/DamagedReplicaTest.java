package io.aviladb.node.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.ratis.LoopbackCluster.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica may do that lost its log, or its vote. */
final class DamagedReplicaTest {
    private static final int GROUP = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Ten elections. */
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    /**
     * Three replicas: the first leads, the third is cut off and misses a write that the first two acknowledge. Then the second loses its log and the
     * first goes down. The two that are left could elect a leader without the write, if the second voted.
     */
    @Test
    void replicaThatLostItsLogElectsNoLeaderThatLacksAnAcknowledgedWrite() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            GroupDescriptor descriptor = cluster.openEverywhere(GROUP);
            Node first = cluster.nodes.getFirst();
            Node second = cluster.nodes.get(1);
            Node third = cluster.nodes.get(2);
            cluster.awaitLeader(GROUP, first);
            cluster.write(GROUP, 1);
            cluster.awaitSame(GROUP, 1);
            cluster.faults.cut(first.self, third.self);
            cluster.faults.cut(second.self, third.self);
            LoopbackCluster.get(first.group(GROUP).propose(RecordingState.entry(2), 2L));
            await().atMost(PATIENCE).until(() -> second.state(GROUP).numbers().contains(2L));

            second.stop(true);
            damageLog(second);
            first.stop(true);
            cluster.faults.heal();
            second.start();
            second.open(descriptor);
            second.stop(true);
            third.stop(true);
            // As if the first had refilled it so far, as many entries as the third has, and gone down then. (An empty log's vote never counts.)
            Files.copy(find(third, "log_"), find(second, "raft-meta").resolveSibling(find(third, "log_").getFileName()));
            for (Node node : List.of(second, third)) {
                node.start();
                node.open(descriptor);
            }
            assertThat(second.group(GROUP).standing().votes()).isFalse();
            await().during(LONG).atMost(LONG.plusSeconds(5)).until(
                    () -> List.of(second, third).stream().noneMatch(n -> n.group(GROUP).leadership().ready()));

            first.start();
            first.open(descriptor);
            cluster.write(GROUP, 3);
            cluster.awaitSame(GROUP, 3);
            assertThat(third.state(GROUP).numbers()).containsExactly(1L, 2L, 3L);
            await().atMost(PATIENCE).until(() -> votes(second));

            cluster.leader(GROUP).stop(true);
            cluster.write(GROUP, 4); // its vote counts again: two of three elect
        }
    }

    private static boolean votes(Node node) {
        return node.group(GROUP).isAlive() && node.group(GROUP).standing().votes();
    }

    @Test
    void replicaThatLostItsVoteWaitsUntilAllOthersHaveAnswered() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            GroupDescriptor descriptor = cluster.openEverywhere(GROUP);
            cluster.awaitLeader(GROUP, cluster.nodes.getFirst());
            cluster.write(GROUP, 1);
            cluster.awaitSame(GROUP, 1);
            Node damaged = cluster.nodes.get(2);
            damaged.stop(true);
            Files.write(find(damaged, "raft-meta").resolveSibling("raft-meta"), new byte[3]);
            Node other = cluster.nodes.get(1);
            other.stop(true);
            damaged.start();
            damaged.open(descriptor);
            await().during(Duration.ofSeconds(5)).atMost(PATIENCE).until(() -> !damaged.group(GROUP).isAlive());

            other.start();
            other.open(descriptor);
            await().atMost(PATIENCE).until(() -> votes(damaged));
            cluster.write(GROUP, 2);
            cluster.awaitSame(GROUP, 2);
        }
    }

    @Test
    void logThatEndsBeforeTheStateIsDamage() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            GroupDescriptor descriptor = cluster.openEverywhere(GROUP);
            cluster.awaitLeader(GROUP, cluster.nodes.getFirst());
            for (long n = 1; n <= 120; n++) {
                cluster.write(GROUP, n); // the state is on disk up to the hundredth
            }
            Node damaged = cluster.nodes.get(2);
            damaged.stop(true);
            Files.delete(find(damaged, "log_"));
            damaged.start();
            damaged.open(descriptor);
            assertThat(damaged.group(GROUP).standing().votes()).isFalse();
            cluster.awaitSame(GROUP, 120);
            await().atMost(PATIENCE).until(() -> votes(damaged));
        }
    }

    @Test
    void onlyReplicaIsRefusedWithItsFilesTheCauseAndWhatCanBeDone() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            Node alone = cluster.nodes.getFirst();
            GroupDescriptor three = cluster.descriptor(GROUP, alone);
            GroupDescriptor one = new GroupDescriptor(GROUP, three.kind(), three.members().subList(0, 1), alone.self);
            alone.open(one);
            cluster.write(GROUP, 1);
            alone.stop(true);
            damageLog(alone);
            alone.start();
            assertThatThrownBy(() -> alone.open(one)).isInstanceOf(DamagedReplicaException.class)
                    .hasMessageContaining("only replica of group " + GROUP).hasMessageContaining(alone.directory.resolve("raft").toString())
                    .hasMessageContaining("restore").hasRootCauseInstanceOf(IOException.class);
            assertThat(find(alone, "log_")).as("nothing is moved").exists();
        }
    }

    private static void damageLog(Node node) throws IOException {
        Path segment = find(node, "log_");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[40] ^= 1;
        Files.write(segment, bytes);
    }

    private static Path find(Node node, String prefix) throws IOException {
        try (var files = Files.walk(node.directory.resolve("raft"))) {
            return files.filter(p -> p.getFileName().toString().startsWith(prefix) && !p.toString().contains(".damaged-"))
                    .max(Comparator.comparing(p -> p.toFile().length())).orElseThrow();
        }
    }
}
