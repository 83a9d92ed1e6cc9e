package io.aviladb.node.consensus.ratis;

import static io.aviladb.node.consensus.ratis.LoopbackCluster.all;
import static io.aviladb.node.consensus.ratis.LoopbackCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.consensus.ratis.LoopbackCluster.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds while nothing is broken for good: order, restarts, snapshots, several groups. */
final class ReplicationTest {
    private static final int GROUP = 7;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    @Test
    void entriesAreAppliedInTheOrderOfProposalAndAnsweredInThatOrder() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            cluster.openEverywhere(GROUP);
            cluster.awaitLeader(GROUP, cluster.nodes.getFirst());
            RaftGroup leader = cluster.nodes.getFirst().group(GROUP);
            List<Object> answers = java.util.Collections.synchronizedList(new ArrayList<>());
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (long n = 1; n <= 1_000; n++) {
                done.add(leader.propose(RecordingState.entry(n), n).thenAccept(answers::add));
            }
            done.forEach(LoopbackCluster::get);
            assertThat(answers).isEqualTo(LongStream.rangeClosed(1, 1_000).mapToObj(n -> (Object) (int) n).toList());
            cluster.awaitSame(GROUP, 1_000);
            assertThat(cluster.nodes.getFirst().state(GROUP).contexts).hasValue(1_000);
            assertThat(cluster.nodes.get(1).state(GROUP).contexts).hasValue(0);

            long index = get(leader.confirmReadIndex());
            RaftGroup follower = cluster.nodes.get(2).group(GROUP);
            get(follower.awaitApplied(index));
            assertThat(follower.applied().index()).isGreaterThanOrEqualTo(index);
        }
    }

    @Test
    void everythingIsAppliedOnceAfterServersWereClosedAndKilled() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            GroupDescriptor descriptor = cluster.openEverywhere(GROUP);
            cluster.awaitLeader(GROUP, cluster.nodes.getFirst());
            long written = 0;
            for (boolean kill : new boolean[]{false, true}) {
                for (int i = 0; i < 150; i++) {
                    cluster.write(GROUP, ++written);
                }
                cluster.nodes.forEach(n -> n.stop(kill));
                for (Node node : cluster.nodes) {
                    node.start();
                    node.open(descriptor);
                }
                cluster.awaitSame(GROUP, (int) written);
            }
            assertThat(cluster.nodes.getFirst().state(GROUP).numbers()).isEqualTo(LongStream.rangeClosed(1, written).boxed().toList());
        }
    }

    @Test
    void emptyReplicaReceivesASnapshotWhereTheLogWasPurged() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root, all(t -> t.withLog(4_096, 0, 1)))) {
            GroupDescriptor descriptor = cluster.openEverywhere(GROUP);
            cluster.awaitLeader(GROUP, cluster.nodes.getFirst());
            Node lost = cluster.nodes.get(2);
            lost.stop(true);
            DiskFiles.delete(lost.directory);
            for (long n = 1; n <= 400; n++) {
                cluster.write(GROUP, n);
            }
            for (Node node : cluster.nodes.subList(0, 2)) {
                LogPosition at = get(node.group(GROUP).snapshot());
                assertThat(at.index()).isGreaterThan(390);
                Path log = node.directory.resolve("raft")
                        .resolve(RatisNames.group(node.settings().clusterId(), GROUP).getUuid().toString());
                await().atMost(Duration.ofSeconds(10)).until(() -> Files.notExists(firstSegment(log)));
            }
            lost.start();
            lost.open(descriptor);
            cluster.awaitSame(GROUP, 400);
            assertThat(lost.running().newestSnapshot(GROUP)).hasValueSatisfying(d -> assertThat(d).exists());
            cluster.write(GROUP, 401);
            cluster.awaitSame(GROUP, 401);

            lost.stop(true);
            lost.start();
            lost.open(descriptor);
            cluster.awaitSame(GROUP, 401);
        }
    }

    private static Path firstSegment(Path log) throws IOException {
        try (var files = Files.list(log.resolve("current"))) {
            return files.filter(p -> p.getFileName().toString().startsWith("log_0-")).findFirst().orElse(log.resolve("none"));
        }
    }

    @Test
    void snapshotsAreTakenByBytesAndTwoAreKept() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root, all(t -> t.withSnapshots(400, Duration.ofHours(1))))) {
            cluster.openEverywhere(GROUP);
            cluster.awaitLeader(GROUP, cluster.nodes.getFirst());
            Path snapshots = cluster.nodes.get(1).directory.resolve("groups/" + GROUP + "/snap");
            Set<String> seen = ConcurrentHashMap.newKeySet();
            for (long written = 0; seen.size() < 4 && written < 2_000; written++) {
                cluster.write(GROUP, written);
                Set<String> now = names(snapshots);
                seen.addAll(now);
            }
            assertThat(seen).hasSizeGreaterThanOrEqualTo(4);
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(names(snapshots)).hasSize(2));
        }
    }

    private static Set<String> names(Path snapshots) throws IOException {
        try (var files = Files.list(snapshots)) {
            return files.map(p -> p.getFileName().toString()).filter(n -> n.contains("_")).collect(Collectors.toSet());
        }
    }

    @Test
    void parallelLoadIsAppliedAlikeEverywhereOverSlowLinks() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            cluster.openEverywhere(GROUP);
            cluster.awaitLeader(GROUP, cluster.nodes.getFirst());
            cluster.faults.delay = Duration.ofMillis(20);
            RaftGroup leader = cluster.nodes.getFirst().group(GROUP);
            long before = System.nanoTime();
            get(leader.propose(RecordingState.entry(0), 0L));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).as("there and back").isGreaterThan(Duration.ofMillis(40));
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int w = 1; w <= 4; w++) {
                long base = w * 1_000L;
                writers.add(CompletableFuture.runAsync(() -> {
                    List<CompletableFuture<Object>> sent = new ArrayList<>();
                    for (long n = base; n < base + 200; n++) {
                        sent.add(leader.propose(RecordingState.entry(n), n));
                    }
                    sent.forEach(LoopbackCluster::get);
                }));
            }
            writers.forEach(LoopbackCluster::get);
            cluster.awaitSame(GROUP, 801);
        }
    }

    @Test
    void eachPreferredNodeComesToLeadItsGroupAndListenersHearOfIt() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            Map<Integer, Boolean> heard = new ConcurrentHashMap<>();
            cluster.nodes.get(1).running().onLeadership((group, leadership) -> heard.put(group, leadership.ready()));
            for (int g = 0; g < 2; g++) {
                GroupDescriptor descriptor = cluster.descriptor(g + 1, cluster.nodes.get(g));
                for (Node node : cluster.nodes) {
                    assertThat(node.open(descriptor)).isSameAs(node.running().open(descriptor, new RecordingState()));
                }
            }
            cluster.awaitLeader(1, cluster.nodes.get(0));
            cluster.awaitLeader(2, cluster.nodes.get(1));
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(heard).containsEntry(1, false).containsEntry(2, true));
            cluster.nodes.get(2).running().remove(2);
            assertThat(cluster.nodes.get(2).directory.resolve("groups/2")).doesNotExist();
            cluster.write(1, 1);
            cluster.awaitSame(1, 1);
        }
    }

    @Test
    void soleReplicaServesAlone() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            Node only = cluster.nodes.getFirst();
            GroupDescriptor full = cluster.descriptor(GROUP, only);
            RaftGroup group = only.open(new GroupDescriptor(GROUP, GroupDescriptor.Kind.CATALOG, full.members().subList(0, 1), only.self));
            assertThat(only.running().newestSnapshot(GROUP + 1)).isEmpty();
            cluster.awaitLeader(GROUP, only);
            assertThat(get(group.propose(RecordingState.entry(1), 1L))).isEqualTo(1);
            assertThat(get(group.confirmReadIndex())).isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void secondServerOnTheSameDirectoryIsRefused() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root)) {
            Node node = cluster.nodes.getFirst();
            Settings again = new Settings(node.self, node.settings().clusterId(), "127.0.0.1", 0, node.directory);
            assertThatThrownBy(() -> RatisServer.start(again, node, cluster.faults)).isInstanceOf(IOException.class)
                    .hasMessageContaining("data directory").hasMessageContaining("is in use by another process");
            Settings samePort = new Settings(node.self, node.settings().clusterId(), "127.0.0.1", node.running().boundPort(),
                    root.resolve("x"));
            assertThatThrownBy(() -> RatisServer.start(samePort, node, cluster.faults)).isInstanceOf(IOException.class)
                    .hasMessageContaining("can't listen on 127.0.0.1");
        }
    }
}
