package io.aviladb.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.cli.CommandFailure;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.server.ClusterLayout;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevPartsTest {
    private static final List<RegionId> DEFAULTS = DevOptions.DEFAULT_REGIONS;

    @Test
    void defaultRegionsHaveTheirDistances() {
        RoundTrips trips = RoundTrips.parse("", DEFAULTS);
        assertThat(trips.between("us-east-1", "sa-east-1")).isEqualTo(116);
        assertThat(trips.between("sa-east-1", "eu-west-1")).isEqualTo(184);
        assertThat(trips.between("us-east-1", "eu-west-1")).isEqualTo(76);
        assertThat(RoundTrips.parse("none", DEFAULTS).distances()).isEmpty();
    }

    @Test
    void givenDistancesReplaceTheKnownOnes() {
        RoundTrips trips = RoundTrips.parse("us-east-1:sa-east-1=5ms,sa-east-1:eu-west-1=0ms", DEFAULTS);
        assertThat(trips.between("sa-east-1", "us-east-1")).isEqualTo(5);
        assertThat(trips.between("us-east-1", "eu-west-1")).isEqualTo(76);
        assertThat(trips.distances()).hasSize(2);
        for (String wrong : new String[]{"a", "sa-east-1:us-east-1=5", "sa-east-1:us-east-1=xms", "sa-east-1:mars=5ms",
                "sa-east-1:us-east-1=99999ms"}) {
            assertThatThrownBy(() -> RoundTrips.parse(wrong, DEFAULTS)).as(wrong).isInstanceOf(CommandFailure.class);
        }
    }

    @Test
    void cardShowsWhatIsConfiguredAndMeasured() {
        List<Card.RegionLine> regions = List.of(new Card.RegionLine("sa-east-1", "http://127.0.0.1:8000", 3, 0),
                new Card.RegionLine("us-east-1", "http://127.0.0.1:8100", 2, 58),
                new Card.RegionLine("eu-west-1", "http://127.0.0.1:8200", 3, -1));
        String card = String.join("\n", Card.lines(regions, RoundTrips.parse("", DEFAULTS), "./aviladb"));
        assertThat(card).contains("116 ms", "184 ms", "76 ms", "simulated", "aviladb://127.0.0.1:8000", "2  58 ms", "not measured yet",
                "./aviladb faults kill eu-west-1/1");
        assertThat(String.join("\n", Card.lines(regions, RoundTrips.parse("none", DEFAULTS), "x"))).contains("no simulated latency")
                .doesNotContain("116");
        assertThat(Card.map(List.of("a", "b"), new RoundTrips(Map.of(RoundTrips.Pair.of("a", "b"), 7L)))).contains("    a - b  7 ms");
    }

    @Test
    void readyFileAppearsWholeWithWhatScriptsNeed(@TempDir Path folder) throws IOException {
        Map<RegionId, String> endpoints = new LinkedHashMap<>(Map.of(new RegionId("a"), "http://127.0.0.1:1"));
        Map<NodeId, String> nodes = new LinkedHashMap<>(Map.of(NodeId.parse("a/1"), "http://127.0.0.1:2"));
        JsonObject content = ReadyFile.content(7, endpoints, nodes, node -> 8);
        Path file = folder.resolve("ready.json");
        Files.writeString(file, "old");
        ReadyFile.forget(file);
        assertThat(file).doesNotExist();
        ReadyFile.write(file, content);
        assertThat(file).hasContent("{\"pid\":7,\"regions\":{\"a\":{\"endpoint\":\"http://127.0.0.1:1\",\"nodes\":"
                + "[{\"id\":\"a/1\",\"endpoint\":\"http://127.0.0.1:2\",\"pid\":8}]}}}");
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void planKeepsItsClusterAndMovesOnlyTheRoutersPorts(@TempDir Path data) throws IOException {
        DevPlan first = DevPlan.of(data, List.of(), 0, 0);
        assertThat(first.nodes()).hasSize(9);
        assertThat(DevPlan.port(first.node(NodeId.parse("us-east-1/2")).endpoint())).isEqualTo(first.basePort() + 102);
        DevPlan second = DevPlan.of(data, List.of(), 0, 0);
        assertThat(second.layout().clusterId()).isEqualTo(first.layout().clusterId());
        assertThat(second.layout().nodes()).extracting(ClusterLayout.Node::rpcAddress)
                .containsExactlyElementsOf(first.layout().nodes().stream().map(ClusterLayout.Node::rpcAddress).toList());
        assertThatThrownBy(() -> DevPlan.of(data, List.of(new RegionId("mars")), 0, 0)).isInstanceOf(CommandFailure.class)
                .hasMessageContaining("sa-east-1,us-east-1,eu-west-1");
        assertThatThrownBy(() -> DevPlan.of(data, List.of(), 5, 0)).isInstanceOf(CommandFailure.class);
    }

    @Test
    void portInUseIsNamed(@TempDir Path data) throws IOException {
        int base = DevPlan.of(data, List.of(), 0, 0).basePort();
        try (ServerSocket taken = new ServerSocket(base + 200, 1, java.net.InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> DevPlan.of(data, List.of(), 0, base)).isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
    }
}
