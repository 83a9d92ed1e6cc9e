package io.aviladb.node.consensus.ratis;

import static io.aviladb.node.consensus.ratis.LoopbackCluster.all;
import static io.aviladb.node.consensus.ratis.LoopbackCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.ProposalFailure;
import io.aviladb.node.consensus.ratis.LoopbackCluster.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that come and go while a group works. */
final class MemberChangeTest {
    private static final int GROUP = 7;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    private static GroupDescriptor withMembers(GroupDescriptor old, List<GroupDescriptor.Member> members) {
        return new GroupDescriptor(old.number(), old.kind(), members, old.preferredLeader(), old.version() + 1);
    }

    private static void change(LoopbackCluster cluster, Node... voters) {
        TreeSet<NodeId> wanted = new TreeSet<>(Arrays.stream(voters).map(node -> node.self).toList());
        await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100)).until(() -> {
            try {
                get(cluster.leader(GROUP).group(GROUP).changeMembers(cluster.members(voters)));
                return true;
            } catch (ProposalFailure again) {
                return false;
            }
        });
        assertThat(new TreeSet<>(cluster.leader(GROUP).group(GROUP).members())).isEqualTo(wanted);
    }

    @Test
    void aNewcomerCatchesUpByASnapshotAndTakesAnothersPlace() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root, all(t -> t.withLog(4_096, 0, 1)))) {
            GroupDescriptor descriptor = cluster.openEverywhere(GROUP);
            Node first = cluster.nodes.getFirst();
            Node second = cluster.nodes.get(1);
            Node third = cluster.nodes.get(2);
            for (long n = 1; n <= 200; n++) {
                cluster.write(GROUP, n);
            }
            for (Node node : cluster.nodes) {
                get(node.group(GROUP).snapshot());
            }
            Node fourth = cluster.another();
            fourth.open(descriptor);
            change(cluster, first, second, third, fourth);
            change(cluster, second, third, fourth);
            first.running().remove(GROUP);
            first.groups.remove(GROUP);
            for (long n = 201; n <= 250; n++) {
                cluster.write(GROUP, n);
            }
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                for (Node node : List.of(second, third, fourth)) {
                    assertThat(node.state(GROUP).numbers()).as(node.self.toString()).hasSize(250);
                }
            });

            // The newcomer's vote counts: with it alone a write is acknowledged, after the loss of another, and after a restart.
            GroupDescriptor placed = withMembers(descriptor, cluster.members(second, third, fourth));
            fourth.stop(true);
            fourth.start();
            fourth.open(placed);
            third.stop(true);
            cluster.write(GROUP, 251);
            long index = get(cluster.leader(GROUP).group(GROUP).confirmReadIndex());
            assertThat(index).isPositive();
            await().atMost(Duration.ofSeconds(20)).until(() -> fourth.state(GROUP).numbers().size() == 251);
            assertThat(fourth.state(GROUP).violation).isNull();
        }
    }

    @Test
    void aDeadReplicaIsReplacedWhileWritesGoOn() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            GroupDescriptor descriptor = cluster.openEverywhere(GROUP);
            cluster.leader(GROUP);
            Node dead = cluster.nodes.get(2);
            dead.stop(true);
            AtomicLong written = new AtomicLong();
            CompletableFuture<Void> load = new CompletableFuture<>();
            Thread.ofPlatform().daemon().start(() -> { // not of the common pool, whose few threads Ratis needs
                try {
                    while (written.get() < 300) {
                        cluster.write(GROUP, written.get() + 1);
                        written.incrementAndGet();
                    }
                    load.complete(null);
                } catch (Throwable failed) {
                    load.completeExceptionally(failed);
                }
            });
            Node fourth = cluster.another();
            fourth.open(descriptor);
            Node first = cluster.nodes.getFirst();
            Node second = cluster.nodes.get(1);
            change(cluster, first, second, dead, fourth);
            change(cluster, first, second, fourth);
            load.orTimeout(60, TimeUnit.SECONDS).join();
            await().atMost(Duration.ofSeconds(20)).until(() -> fourth.state(GROUP).numbers().size() == 300);
            assertThat(fourth.state(GROUP).numbers()).isEqualTo(first.state(GROUP).numbers());

            // The dead one comes back with a configuration that has it: nobody follows it.
            dead.start();
            dead.open(descriptor);
            cluster.write(GROUP, 301);
            assertThat(dead.group(GROUP).leadership().ready()).isFalse();
            assertThat(cluster.leader(GROUP).group(GROUP).members()).doesNotContain(dead.self);
        }
    }

    @Test
    void aSilentNewcomerChangesNothingAndTwoAtOnceAreRefused() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            cluster.openEverywhere(GROUP);
            Node first = cluster.nodes.getFirst();
            cluster.awaitLeader(GROUP, first);
            Node second = cluster.nodes.get(1);
            Node third = cluster.nodes.get(2);
            Node fourth = cluster.another(); // it never opens the group
            assertThatThrownBy(() -> get(first.group(GROUP).changeMembers(cluster.members(first, second, third, fourth))))
                    .isInstanceOf(ProposalFailure.class);
            assertThat(first.group(GROUP).members()).containsExactly(first.self, second.self, third.self);
            cluster.write(GROUP, 1);
            assertThatThrownBy(() -> get(first.group(GROUP).changeMembers(cluster.members(first, second, fourth))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> get(second.group(GROUP).changeMembers(cluster.members(first, second))))
                    .isInstanceOf(ProposalFailure.class);
        }
    }
}
