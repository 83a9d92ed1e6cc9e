package io.aviladb.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.node.controller.RangeThresholds;
import io.aviladb.node.server.NodeLimits;
import io.aviladb.storage.engine.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFileTest {
    private static final String LEAST = "cluster: shop\nregion: us-east-1\nnode: 2\ndata: /data\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private NodeFile read(String yaml, Map<String, String> environment, boolean insecure) throws IOException {
        Path file = folder.resolve("node.yaml");
        Files.writeString(file, yaml);
        return NodeFile.read(file, environment, insecure);
    }

    private void refused(String yaml, String... inMessageOrHint) {
        assertThatThrownBy(() -> read(yaml, Map.of(), false)).as(yaml).isInstanceOfSatisfying(CommandFailure.class, refused -> {
            assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(refused.message() + " " + refused.hint()).contains(inMessageOrHint);
        });
    }

    @Test
    void defaultsAreTheDocumentedOnes() throws IOException {
        NodeFile file = read(LEAST, Map.of(), false);
        assertThat(file.node()).isEqualTo(NodeId.parse("us-east-1/2"));
        assertThat(file.host()).isEqualTo("127.0.0.1");
        assertThat(new int[]{file.clientPort(), file.rpcPort(), file.raftPort()}).containsExactly(8000, 8001, 8002);
        assertThat(file.faults()).isFalse();
        assertThat(file.limits()).isEqualTo(NodeLimits.DEFAULTS);
        assertThat(file.limits().minFreeBytes()).isEqualTo(536_870_912);
        assertThat(file.limits().feedRetention()).isEqualTo(Duration.ofSeconds(60));
        assertThat(file.limits().engine()).isEqualTo(new EngineOptions(64L << 20, 256L << 20, 2, 256L << 20));
        assertThat(file.limits().raft().electionMin()).isEqualTo(Duration.ofSeconds(1));
        assertThat(file.limits().raft().snapshotBytes()).isEqualTo(256L << 20);
        assertThat(file.limits().ranges()).isEqualTo(
                new RangeThresholds(true, Duration.ofSeconds(5), 67_108_864, 2_000, 16_777_216, 200, Duration.ofSeconds(300)));
        assertThat(file.requestTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(file.maxInFlight()).isEqualTo(4_096);
        assertThat(file.seeds()).isEmpty();
    }

    @Test
    void environmentWinsOverTheFile() throws IOException {
        NodeFile file = read(LEAST + "listen: {client: 1}\n",
                Map.of("AVILADB_SERVER__LISTEN__CLIENT", "9", "AVILADB_SERVER__SEEDS", "a:1,b:2",
                        "AVILADB_SERVER__LIMITS__MAX_IN_FLIGHT", "7"),
                false);
        assertThat(file.clientPort()).isEqualTo(9);
        assertThat(file.seeds()).containsExactly("a:1", "b:2");
        assertThat(file.maxInFlight()).isEqualTo(7);
    }

    @Test
    void thresholdsCanBeMadeSmall() throws IOException {
        NodeFile file = read(LEAST + "limits: {snapshot-bytes: 8192, log-segment-bytes: 65536, election-timeout-ms: 300}\n", Map.of(),
                false);
        assertThat(file.limits().raft().snapshotBytes()).isEqualTo(8_192);
        assertThat(file.limits().raft().segmentBytes()).isEqualTo(65_536);
        assertThat(file.limits().raft().electionMax()).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void whenRangesSplitAndMergeCanBeSetAndSwitchedOff() throws IOException {
        NodeFile file = read(
                LEAST + "ranges: {automatic: false, split-bytes: 40000, split-ops: 50, merge-after-seconds: 7, period-ms: 250}\n",
                Map.of(), false);
        assertThat(file.limits().ranges()).as("what isn't set keeps its distance from what is")
                .isEqualTo(new RangeThresholds(false, Duration.ofMillis(250), 40_000, 50, 10_000, 5, Duration.ofSeconds(7)));
        refused(LEAST + "ranges: {split-bytes: 8192, merge-bytes: 5000}\n", "'ranges.merge-bytes'", "at most half of ranges.split-bytes");
        refused(LEAST + "ranges: {split-ops: 10, merge-ops: 6}\n", "'ranges.merge-ops'", "at most half of ranges.split-ops");
        refused(LEAST + "ranges: {automatic: sometimes}\n", "'ranges.automatic'", "true or false");
    }

    @Test
    void unknownKeyIsRefusedWithTheNearestName() {
        refused(LEAST + "listen: {clinet: 1}\n", "'listen.clinet'", "'listen.client'");
        refused(LEAST + "seed: [a:1]\n", "'seeds'");
    }

    @Test
    void wrongValuesAreRefusedByKey() {
        refused("region: us-east-1\nnode: 2\ndata: /d\n", "'cluster'");
        refused(LEAST + "listen: {rpc: 70000}\n", "'listen.rpc'", "70000");
        refused(LEAST + "faults: maybe\n", "'faults'", "true or false");
        refused(LEAST + "seeds: [nowhere]\n", "nowhere", "host:port");
        refused(LEAST.replace("node: 2", "node: 0"), "'node'");
        refused(LEAST + "peer-addresses: {mars: 'a:1'}\n", "mars");
        refused("a: [", "YAML");
    }

    @Test
    void addressBeyondLoopbackNeedsToBeMeant() throws IOException {
        refused(LEAST + "listen: {host: 0.0.0.0}\n", "--insecure");
        assertThat(read(LEAST + "listen: {host: 0.0.0.0}\n", Map.of(), true).host()).isEqualTo("0.0.0.0");
    }

    @Test
    void tlsIsRefusedAsNotThereYet() {
        refused(LEAST + "tls: {certificate: a.pem}\n", "not there yet");
    }

    @Test
    void peersCanBeReachedElsewhere() throws IOException {
        NodeFile file = read(LEAST + "peer-addresses: {us-east-1/1: '127.0.0.1:1'}\n", Map.of(), false)
                .withPeers(Map.of("us-east-1/3", "h:5,h:6"));
        assertThat(file.peerAddresses()).containsEntry(NodeId.parse("us-east-1/1"), new NodeFile.PeerAddress("127.0.0.1:1", ""))
                .containsEntry(NodeId.parse("us-east-1/3"), new NodeFile.PeerAddress("h:5", "h:6"));
    }

    @Test
    void everyKeyIsDocumented() throws IOException {
        Path docs = Path.of("..", "docs", "configuration.md");
        String text = Files.readString(docs);
        for (String key : NodeFile.KEYS) {
            String name = key.replace(".*", "");
            assertThat(text).as(key).containsAnyOf("`" + name + "`", "`" + name + ".<node>`",
                    "`." + name.substring(name.indexOf('.') + 1) + "`");
        }
    }

    @Test
    void routerFileNamesItsNodes() throws IOException {
        Path file = folder.resolve("router.yaml");
        Files.writeString(file, "region: us-east-1\nlisten: {client: 0}\nnodes: {us-east-1/1: 'h:8001'}\n");
        RouterFile router = RouterFile.read(file, Map.of(), false);
        assertThat(router.nodes()).containsEntry(NodeId.parse("us-east-1/1"), "h:8001");
        Files.writeString(file, "region: us-east-1\n");
        assertThatThrownBy(() -> RouterFile.read(file, Map.of(), false)).isInstanceOf(CommandFailure.class).hasMessageContaining("'nodes'");
    }
}
