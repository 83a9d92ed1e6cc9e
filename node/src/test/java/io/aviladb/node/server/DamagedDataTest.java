package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.node.group.DataGroup;
import io.aviladb.node.controller.RangeThresholds;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.StorageException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three nodes, acknowledged writes, and one node whose files rot while it is down: it comes back by itself, and nothing is lost. */
class DamagedDataTest {
    private static final RegionId REGION = new RegionId("sa-east-1");
    private static final int DOCUMENTS = 150;
    private static final NodeLimits LIMITS = new NodeLimits(0, Duration.ofSeconds(60), new EngineOptions(8L << 20, 16L << 20, 1, 8L << 20),
            NodeLimits.DEV.raft().withLog(16 << 10, 10, 1).withSnapshots(64 << 10, Duration.ofSeconds(3)),
            RangeThresholds.OFF);

    @TempDir
    Path root;

    /** Whether files are moved away when the node comes back. */
    enum Aside {
        YES, NO, EITHER
    }

    /** What rots. */
    enum Rot {
        FLIPPED_TABLES {
            @Override
            void spoil(Replica files, Random random) throws IOException {
                for (Path table : files.state(".sst")) {
                    flip(table, random, 0.0, 0.9);
                }
            }
        },
        MISSING_TABLE {
            @Override
            void spoil(Replica files, Random random) throws IOException {
                List<Path> tables = files.state(".sst");
                Files.delete(tables.get(random.nextInt(tables.size())));
            }
        },
        TRUNCATED_MANIFEST {
            @Override
            Aside aside() {
                return Aside.EITHER; // the store may open as it was before, and the log makes up for it
            }

            @Override
            void spoil(Replica files, Random random) throws IOException {
                Path manifest = files.state("").stream().filter(p -> p.getFileName().toString().startsWith("MANIFEST")).findFirst()
                        .orElseThrow();
                try (RandomAccessFile file = new RandomAccessFile(manifest.toFile(), "rw")) {
                    file.setLength(1 + random.nextInt((int) file.length() / 2));
                }
            }
        },
        FLIPPED_CLOSED_SEGMENT {
            @Override
            void spoil(Replica files, Random random) throws IOException {
                List<Path> closed = files.log("log_").stream().filter(p -> !p.getFileName().toString().contains("inprogress")).toList();
                flip(closed.get(random.nextInt(closed.size())), random, 0.3, 0.7);
            }
        },
        DAMAGED_SNAPSHOTS_AND_NO_STATE {
            @Override
            void spoil(Replica files, Random random) throws IOException {
                for (Path file : files.snapshots()) {
                    flip(file, random, 0.0, 0.9);
                }
                Files.delete(files.state("CURRENT").getFirst());
            }
        },
        LOST_VOTE {
            @Override
            void spoil(Replica files, Random random) throws IOException {
                for (Path file : files.log("raft-meta")) {
                    Files.delete(file);
                }
            }
        },
        DAMAGED_CONFIGURATION {
            @Override
            Aside aside() {
                return Aside.NO; // the members are known from the cluster's layout
            }

            @Override
            void spoil(Replica files, Random random) throws IOException {
                Files.write(files.log("raft-meta.conf").getFirst(), new byte[3]);
            }
        };

        Aside aside() {
            return Aside.YES;
        }

        abstract void spoil(Replica files, Random random) throws IOException;

        private static void flip(Path file, Random random, double from, double to) throws IOException {
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                long at = (long) (bytes.length() * (from + random.nextDouble() * (to - from)));
                bytes.seek(at);
                int old = bytes.read();
                bytes.seek(at);
                bytes.write(old ^ (1 << random.nextInt(8)));
            }
        }
    }

    /** One replica's files. */
    record Replica(Path log, Path group) {
        List<Path> log(String prefix) throws IOException {
            return list(log.resolve("current")).filter(p -> p.getFileName().toString().startsWith(prefix)).toList();
        }

        List<Path> state(String suffix) throws IOException {
            return list(group.resolve("db")).filter(p -> p.getFileName().toString().endsWith(suffix)).toList();
        }

        List<Path> snapshots() throws IOException {
            return list(group.resolve("snap")).flatMap(s -> {
                try {
                    return list(s).filter(p -> p.getFileName().toString().endsWith(".sst"));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }).toList();
        }

        private static Stream<Path> list(Path directory) throws IOException {
            try (Stream<Path> all = Files.list(directory)) {
                return all.sorted().toList().stream();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Rot.class)
    void damagedReplicaComesBackByItselfAndNoAcknowledgedWriteIsLost(Rot rot) throws Exception {
        long seed = Long.getLong("avila.seed", 20_261_128L + rot.ordinal());
        Random random = new Random(seed);
        try (TestCluster cluster = new TestCluster(root, 3, LIMITS, REGION.name())) {
            cluster.awaitReady();
            cluster.createCollection("players");
            int group = cluster.place(REGION, "players").group();
            Map<String, String> acknowledged = new TreeMap<>();
            write(cluster, acknowledged, DOCUMENTS);
            NodeId victim = nodes(cluster).get(random.nextInt(3));
            await("snapshots, seed " + seed).atMost(Duration.ofSeconds(60)).until(() -> hasSnapshot(cluster, victim, group));
            cluster.kill(victim);
            rot.spoil(files(cluster, victim, group), random);
            write(cluster, acknowledged, 30);

            cluster.start(victim);
            write(cluster, acknowledged, 30);
            replicasAreEqual(cluster, group, seed);
            await("its vote, seed " + seed).atMost(Duration.ofSeconds(60)).until(
                    () -> cluster.server(victim).dataGroup(group).orElseThrow().raft().isAlive()
                            && cluster.server(victim).dataGroup(group).orElseThrow().raft().standing().votes());
            if (rot.aside() != Aside.EITHER) {
                assertThat(asides(cluster.data(victim)).isEmpty()).as("what was damaged is kept, seed %s", seed)
                        .isEqualTo(rot.aside() == Aside.NO);
            }

            NodeId other = nodes(cluster).stream().filter(n -> !n.equals(victim)).toList().get(random.nextInt(2));
            cluster.kill(other);
            for (Map.Entry<String, String> document : acknowledged.entrySet()) {
                assertThat(cluster.get(REGION, "players", document.getKey())).as("%s, seed %s", document.getKey(), seed)
                        .contains(document.getValue());
            }
        }
    }

    private static void write(TestCluster cluster, Map<String, String> acknowledged, int count) {
        for (int i = 0; i < count; i++) {
            String id = "d" + acknowledged.size();
            String json = "{\"p\":\"p\",\"id\":\"" + id + "\",\"text\":\"" + id.repeat(i % 3 == 0 ? 300 : 3) + "\"}";
            assertThat(cluster.put(REGION, "players", id, json)).isInstanceOf(UnitAnswer.Committed.class);
            acknowledged.put(id, json);
        }
    }

    private static List<NodeId> nodes(TestCluster cluster) {
        return cluster.layout().nodes().stream().map(ClusterLayout.Node::node).toList();
    }

    private static boolean hasSnapshot(TestCluster cluster, NodeId node, int group) throws IOException {
        Path snapshots = cluster.data(node).resolve("groups/" + group + "/snap");
        try (Stream<Path> all = Files.list(snapshots)) {
            return all.filter(p -> p.getFileName().toString().matches("\\d+_\\d+")).count() == 2;
        }
    }

    private static Replica files(TestCluster cluster, NodeId node, int group) throws IOException {
        Path data = cluster.data(node);
        String name = java.util.UUID.nameUUIDFromBytes((cluster.layout().clusterId() + "/" + group)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8)).toString();
        return new Replica(data.resolve("raft").resolve(name), data.resolve("groups/" + group));
    }

    private static List<Path> asides(Path data) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(p -> p.getFileName().toString().contains(".damaged-")).sorted(Comparator.naturalOrder()).toList();
        }
    }

    private static void replicasAreEqual(TestCluster cluster, int group, long seed) {
        Map<NodeId, Map<Long, String>> seen = new TreeMap<>(Comparator.comparing(NodeId::toString));
        await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(5)).untilAsserted(() -> {
            for (NodeId node : nodes(cluster)) {
                observe(cluster.server(node).dataGroup(group).orElseThrow(), cluster,
                        seen.computeIfAbsent(node, n -> new TreeMap<>()));
            }
            Set<Long> common = new TreeSet<>(seen.values().iterator().next().keySet());
            seen.values().forEach(replica -> common.retainAll(replica.keySet()));
            assertThat(common).as("indexes at which every replica was seen, seed %s", seed).isNotEmpty();
            for (long index : common) {
                assertThat(seen.values()).extracting(replica -> replica.get(index)).as("hashes at index %s, seed %s", index, seed)
                        .containsOnly(seen.values().iterator().next().get(index));
            }
        });
    }

    private static void observe(DataGroup group, TestCluster cluster, Map<Long, String> hashes) {
        var store = group.machine().storeOrNull();
        if (store == null) {
            return; // it starts
        }
        try (var view = store.view()) {
            long index = view.applied().index();
            if (!hashes.containsKey(index)) {
                hashes.put(index, HexFormat.of().formatHex(view.stateHash(cluster.place(REGION, "players").range().keys())));
            }
        } catch (StorageException e) {
            assertThat(e.reason()).isIn(StorageException.Reason.DAMAGED, StorageException.Reason.CLOSED); // found, and being healed
        }
    }
}
