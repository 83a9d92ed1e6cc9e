package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.GroupDescriptor.Kind;
import io.aviladb.node.consensus.GroupDescriptor.Member;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterLayoutTest {
    private static final UUID ID = UUID.fromString("018f4a3e-0000-4000-8000-000000000001");
    private static final List<String> REGIONS = List.of("sa", "us", "eu");

    @TempDir
    Path directory;

    private static ClusterLayout.Node node(String id) {
        return new ClusterLayout.Node(NodeId.parse(id), id + ":7001", id + ":7002", "http://" + id + ":7000");
    }

    private static ClusterLayout plan(int regions, int nodesOfEach) {
        List<ClusterLayout.Node> nodes = new ArrayList<>();
        for (int ordinal = 1; ordinal <= nodesOfEach; ordinal++) {
            for (String region : REGIONS.subList(0, regions)) {
                nodes.add(node(region + "/" + ordinal));
            }
        }
        return ClusterLayout.plan("demo", ID, new byte[ClusterLayout.SECRET_BYTES], nodes);
    }

    /** Number, first letter of the kind, members: the preferred leader is always the first. */
    private static List<String> groups(ClusterLayout layout) {
        layout.groups().forEach(group -> assertThat(group.preferredLeader()).isEqualTo(group.members().getFirst().node()));
        return layout.groups().stream()
                .map(group -> group.number() + " " + group.kind() + group.members().stream().map(member -> " " + member.node())
                        .collect(Collectors.joining()))
                .toList();
    }

    @Test
    void onlyNodeLeadsEverything() {
        assertThat(groups(plan(1, 1))).containsExactly("1 CATALOG sa/1", "100 CONTROLLER sa/1", "101 DATA sa/1");
    }

    @Test
    void onlyRegionVotesWithThreeNodes() {
        assertThat(groups(plan(1, 3))).containsExactly("1 CATALOG sa/1 sa/2 sa/3", "100 CONTROLLER sa/1 sa/2 sa/3",
                "101 DATA sa/1 sa/2 sa/3", "102 DATA sa/2 sa/3 sa/1", "103 DATA sa/3 sa/1 sa/2");
    }

    @Test
    void firstNodeOfEachRegionVotesForTheCatalog() {
        ClusterLayout layout = plan(3, 3);
        assertThat(groups(layout)).hasSize(13).startsWith("1 CATALOG sa/1 us/1 eu/1", "100 CONTROLLER sa/1 sa/2 sa/3")
                .contains("200 CONTROLLER us/1 us/2 us/3", "202 DATA us/2 us/3 us/1", "303 DATA eu/3 eu/1 eu/2");
        assertThat(layout.regions()).extracting(ClusterLayout.Region::region).extracting(RegionId::name).isEqualTo(REGIONS);
        assertThat(layout.incarnation(new RegionId("sa"))).isEqualTo(new RegionIncarnation(1));
        assertThat(layout.incarnation(new RegionId("eu"))).isEqualTo(new RegionIncarnation(3));
        assertThat(layout.dataGroups(new RegionId("us"))).containsExactly(201, 202, 203);
        assertThat(layout.controller(new RegionId("us")).number()).isEqualTo(200);
        assertThat(layout.groupsOf(NodeId.parse("us/2"))).extracting(GroupDescriptor::number).containsExactly(200, 201, 202, 203);
        assertThat(layout.groupsOf(NodeId.parse("us/1"))).extracting(GroupDescriptor::number).containsExactly(1, 200, 201, 202, 203);
        assertThat(layout.groups().getFirst().members()).contains(new Member(NodeId.parse("us/1"), "us/1:7002"));
    }

    @Test
    void regionsOfOneNodeHaveGroupsOfOne() {
        assertThat(groups(plan(3, 1))).containsExactly("1 CATALOG sa/1 us/1 eu/1", "100 CONTROLLER sa/1", "101 DATA sa/1",
                "200 CONTROLLER us/1", "201 DATA us/1", "300 CONTROLLER eu/1", "301 DATA eu/1");
    }

    @Test
    void fiveNodesShareTheGroupsEvenly() {
        ClusterLayout layout = plan(2, 5);
        assertThat(groups(layout)).startsWith("1 CATALOG sa/1 us/1", "100 CONTROLLER sa/1 sa/2 sa/3", "101 DATA sa/1 sa/2 sa/3")
                .contains("104 DATA sa/4 sa/5 sa/1", "205 DATA us/5 us/1 us/2").hasSize(13);
        for (ClusterLayout.Node node : layout.nodes()) {
            assertThat(layout.groupsOf(node.node()).stream().filter(group -> group.kind() == Kind.DATA)).hasSize(3);
        }
    }

    @Test
    void twoNodesBothHoldWhatIsAcknowledged() {
        assertThat(groups(plan(1, 2))).containsExactly("1 CATALOG sa/1 sa/2", "100 CONTROLLER sa/1 sa/2", "101 DATA sa/1 sa/2",
                "102 DATA sa/2 sa/1");
    }

    @Test
    void layoutComesBackFromItsJson() {
        byte[] secret = new byte[ClusterLayout.SECRET_BYTES];
        secret[31] = -7;
        ClusterLayout layout = ClusterLayout.plan("demo \"1\"", ID, secret, plan(3, 3).nodes());
        assertThat(ClusterLayout.parse(layout.toJson())).isEqualTo(layout);
        assertThat(layout).isNotEqualTo(ClusterLayout.plan("demo \"1\"", ID, new byte[32], layout.nodes()));
        assertThat(layout.toString()).doesNotContain("secret").contains("sa/1");
    }

    @Test
    void newerFormatIsRefusedWithAHint() {
        String newer = new String(plan(1, 1).toJson(), StandardCharsets.UTF_8).replace("\"formatVersion\":1", "\"formatVersion\":2");
        assertThatThrownBy(() -> ClusterLayout.parse(newer.getBytes(StandardCharsets.UTF_8))).isInstanceOf(LayoutFormatException.class)
                .hasMessageContaining("has format 2").hasMessageContaining("newer");
    }

    @Test
    void damagedLayoutSaysWhatIsWrong() {
        String whole = new String(plan(1, 1).toJson(), StandardCharsets.UTF_8);
        for (String damaged : List.of("", "[]", whole.substring(0, 40), whole.replace("\"name\":\"demo\",", ""),
                whole.replace("DATA", "DATE"),
                whole.replace("\"members\":[\"sa/1\"]", "\"members\":[\"sa/9\"]"), whole.replace("\"secret\":\"AAAA", "\"secret\":\""))) {
            assertThatThrownBy(() -> ClusterLayout.parse(damaged.getBytes(StandardCharsets.UTF_8))).as(damaged)
                    .isInstanceOf(LayoutFormatException.class).hasMessageContaining("damaged");
        }
    }

    @Test
    void storedLayoutIsLoadedAndReplaced() throws IOException {
        Path data = directory.resolve("a/data");
        assertThat(ClusterLayout.load(data)).isEqualTo(Optional.empty());
        plan(1, 1).store(data);
        plan(3, 3).store(data);
        assertThat(ClusterLayout.load(data)).contains(plan(3, 3));
        try (var files = Files.list(data)) {
            assertThat(files).containsExactly(data.resolve("cluster.json"));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("cluster.json")))).isEqualTo("rw-------");
    }

    @Test
    void draftOfACrashIsInNobodysWay() throws IOException {
        Files.writeString(directory.resolve("cluster.json.draft"), "half");
        assertThat(ClusterLayout.load(directory)).isEmpty();
        plan(1, 1).store(directory);
        assertThat(ClusterLayout.load(directory)).contains(plan(1, 1));
    }

    @Test
    void whatIsNotThereHasAName() {
        assertThatThrownBy(() -> plan(1, 1).node(NodeId.parse("sa/2"))).hasMessage("the cluster 'demo' has no node sa/2");
        assertThatThrownBy(() -> plan(1, 1).incarnation(new RegionId("us"))).hasMessage("the cluster 'demo' has no region us");
        assertThatThrownBy(() -> ClusterLayout.plan("demo", ID, new byte[32], List.of(node("sa/1"), node("sa/1"))))
                .hasMessageContaining("sa/1 stands twice");
        assertThatThrownBy(() -> plan(1, 100)).hasMessageContaining("the limit is 99");
    }
}
