package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.Precondition;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.crdt.conflict.Conflict;
import io.aviladb.crdt.conflict.ConflictRecord;
import io.aviladb.node.group.DataGroup;
import io.aviladb.proto.node.FaultSet;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.proto.node.ReadTerms;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A story of two regions of three nodes: write here, read there, lose a node, cut the regions, heal, lose everything but the disks. */
class MultiRegionTest {
    private static final RegionId A = new RegionId("sa-east-1");
    private static final RegionId B = new RegionId("us-east-1");

    @TempDir
    Path root;

    @Test
    void aDocumentWrittenInOneRegionIsReadInTheOtherThroughFaultsAndRestarts() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3, NodeLimits.DEV, A.name(), B.name())) {
            cluster.awaitReady();
            cluster.createCollection("players");

            UnitAnswer first = cluster.put(A, "players", "1", "{\"p\":\"p\",\"id\":\"1\",\"name\":\"Ana\",\"wins\":1}");
            assertThat(first).isInstanceOf(UnitAnswer.Committed.class);
            assertThat(cluster.get(A, "players", "1")).contains("{\"p\":\"p\",\"id\":\"1\",\"name\":\"Ana\",\"wins\":1}");
            TestCluster.await(() -> cluster.get(B, "players", "1").equals(cluster.get(A, "players", "1")));

            // Regions are cut: both write other fields of the same document, and count.
            cluster.faults()
                    .replace(new FaultSet(List.of(new FaultSet.Cut(A.name(), B.name())), List.of(), List.of(), List.of(), List.of()));
            patch(cluster, A, PatchOperation.Kind.SET, "city", "\"Recife\"");
            patch(cluster, B, PatchOperation.Kind.SET, "team", "\"blue\"");
            patch(cluster, A, PatchOperation.Kind.SET, "name", "\"Bia\"");
            patch(cluster, B, PatchOperation.Kind.SET, "name", "\"Eva\"");
            patch(cluster, A, PatchOperation.Kind.INC, "wins", "2");
            patch(cluster, B, PatchOperation.Kind.INC, "wins", "3");
            for (int i = 0; i < 50; i++) {
                cluster.put(i % 2 == 0 ? A : B, "players", "cut-" + i, "{\"p\":\"p\",\"id\":\"cut-" + i + "\"}");
            }
            cluster.faults().replace(FaultSet.NONE);
            TestCluster.await(() -> cluster.get(A, "players", "1").equals(cluster.get(B, "players", "1"))
                    && cluster.get(A, "players", "1").orElse("").contains("blue")
                    && cluster.get(B, "players", "1").orElse("").contains("Recife"));
            assertThat(cluster.get(A, "players", "1").orElse("")).contains("\"wins\":6");
            for (int i = 0; i < 50; i++) {
                String id = "cut-" + i;
                TestCluster.await(() -> cluster.get(A, "players", id).isPresent() && cluster.get(B, "players", id).isPresent());
            }

            // Of the two names one is lost; both regions have it on record, as each other's.
            TestCluster.await(() -> conflicts(cluster, A).size() == 1 && conflicts(cluster, B).size() == 1);
            assertThat(conflicts(cluster, A)).isEqualTo(conflicts(cluster, B));
            assertThat(conflicts(cluster, A).values().toString()).contains("Bia", "Eva");

            // An operation is answered from its row: after a node is killed, after everything is.
            OperationId operation = new OperationId(new byte[16], 7, new RegionIncarnation(1), new byte[16],
                    HybridTimestamp.ofMillis(System.currentTimeMillis()));
            Mutation increment = new Mutation.Patch(
                    List.of(new PatchOperation(PatchOperation.Kind.INC, FieldPath.of("wins"), null, JsonNumber.of(10))));
            UnitAnswer once = cluster.write(A, "players", "p", "1", Precondition.PRESENT, increment, operation);
            cluster.kill(leader(cluster, A));
            UnitAnswer twice = cluster.write(A, "players", "p", "1", Precondition.PRESENT, increment, operation);
            assertThat(twice).isEqualTo(once);
            cluster.killAll();
            for (ClusterLayout.Node node : cluster.layout().nodes()) {
                cluster.start(node.node());
            }
            cluster.awaitReady();
            UnitAnswer thrice = cluster.write(A, "players", "p", "1", Precondition.PRESENT, increment, operation);
            assertThat(thrice).isEqualTo(once);
            TestCluster.await(() -> cluster.get(B, "players", "1").orElse("").contains("\"wins\":16"));
            OperationId other = new OperationId(new byte[16], 7, new RegionIncarnation(1),
                    "another body 123".getBytes(StandardCharsets.UTF_8),
                    operation.firstSent());
            assertThat(cluster.write(A, "players", "p", "1", Precondition.PRESENT, increment, other)).isInstanceOfSatisfying(
                    UnitAnswer.Refused.class,
                    refused -> assertThat(refused.code()).isEqualTo(ErrorCode.IDEMPOTENCY_MISMATCH));
            // In the other region the row rides with the effect.
            TestCluster.await(() -> cluster.write(B, "players", "p", "1", Precondition.PRESENT, increment, operation).equals(once));

            replicasAreEqual(cluster);
        }
    }

    private static void patch(TestCluster cluster, RegionId region, PatchOperation.Kind kind, String field, String json) {
        UnitAnswer answer = cluster.write(region, "players", "p", "1", Precondition.PRESENT,
                new Mutation.Patch(List.of(new PatchOperation(kind,
                        FieldPath.of(field), null, io.aviladb.core.document.JsonParser.parse(json.getBytes(StandardCharsets.UTF_8))))),
                null);
        assertThat(answer).isInstanceOf(UnitAnswer.Committed.class);
    }

    /** By id: both sides' bodies. */
    private static Map<String, String> conflicts(TestCluster cluster, RegionId region) {
        TestCluster.Place place = cluster.place(region, "players");
        NodeServer server = cluster.server(leader(cluster, region));
        HistoryReply.Conflicts reply = (HistoryReply.Conflicts) server.api()
                .history(new HistoryRequest.Conflicts(place.group(), place.range().ref(), place.range().keys(), Optional.empty(),
                        HybridTimestamp.ZERO, 10, 1 << 20, new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 2_000)))
                .join();
        Map<String, String> found = new TreeMap<>();
        reply.rows().forEach(row -> {
            Conflict conflict = ConflictRecord.decode(row.record()).conflict();
            found.put(row.id().toString(), conflict.older().document() + " " + conflict.newer().document());
        });
        return found;
    }

    private static NodeId leader(TestCluster cluster, RegionId region) {
        int group = cluster.place(region, "players").group();
        return cluster.layout().nodes().stream().map(ClusterLayout.Node::node)
                .filter(node -> cluster.server(node).dataGroup(group).map(DataGroup::leads).orElse(false)).findFirst().orElseThrow();
    }

    /** At one index the replicas of a group have the same heads and versions: each is looked at until all have been seen at a common index. */
    private static void replicasAreEqual(TestCluster cluster) {
        TestCluster.Place place = cluster.place(A, "players");
        Map<NodeId, Map<Long, String>> seen = new TreeMap<>(Comparator.comparing(NodeId::toString));
        await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(5)).untilAsserted(() -> {
            for (ClusterLayout.Node node : cluster.layout().nodes()) {
                cluster.server(node.node()).dataGroup(place.group())
                        .ifPresent(group -> observe(group, place, seen.computeIfAbsent(node.node(), n -> new TreeMap<>())));
            }
            assertThat(seen).hasSize(3);
            Set<Long> common = new TreeSet<>(seen.values().iterator().next().keySet());
            seen.values().forEach(replica -> common.retainAll(replica.keySet()));
            assertThat(common).as("indexes at which every replica was seen, of %s", seen).isNotEmpty();
            for (long index : common) {
                assertThat(seen.values()).extracting(replica -> replica.get(index)).as("hashes at index %s", index)
                        .containsOnly(seen.values().iterator().next().get(index));
            }
        });
    }

    private static void observe(DataGroup group, TestCluster.Place place, Map<Long, String> hashes) {
        var store = group.machine().storeOrNull();
        if (store == null) {
            return; // it starts
        }
        try (var view = store.view()) {
            hashes.put(view.applied().index(), HexFormat.of().formatHex(view.stateHash(place.range().keys())));
        }
    }
}
