package io.aviladb.cli.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.proto.node.FaultSet;
import io.aviladb.proto.node.FaultTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ClusterFaultsTest {
    private static final FaultSet.Delay DISTANCE = new FaultSet.Delay("a", "b", 100);
    private static final List<NodeId> NODES = List.of(NodeId.parse("a/1"), NodeId.parse("a/2"), NodeId.parse("b/1"));

    private final FaultTable table = new FaultTable();
    private final TreeSet<NodeId> running = new TreeSet<>(NODES);
    private final FaultTarget target = new FaultTarget() {
        @Override
        public void start(NodeId node) {
            running.add(node);
        }

        @Override
        public void kill(NodeId node) {
            running.remove(node);
        }

        @Override
        public boolean isRunning(NodeId node) {
            return running.contains(node);
        }

        @Override
        public void play(FaultSet faults) {
            table.replace(faults);
        }
    };
    private final ClusterFaults faults = new ClusterFaults(NODES, target, Runnable::run, table);

    private String play(String command) {
        try {
            return faults.apply((JsonObject) JsonParser.parse(command.replace('\'', '"').getBytes(StandardCharsets.UTF_8))).join().toJson();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    private void refused(String command, ErrorCode code) {
        assertThatThrownBy(() -> play(command)).as(command).isInstanceOfSatisfying(AvilaError.class,
                error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void killOfARegionKillsItsNodesAndRestartStartsThem() {
        assertThat(play("{'kill':'a'}")).contains("\"killed\":[\"a/1\",\"a/2\"]");
        assertThat(running).containsExactly(NodeId.parse("b/1"));
        assertThat(play("{'restart':'a/2'}")).contains("\"killed\":[\"a/1\"]");
        assertThat(running).contains(NodeId.parse("a/2"));
    }

    @Test
    void cutsIsolationDelaysAndClocksAreInForceUntilHealed() {
        table.replace(new FaultSet(List.of(), List.of(), List.of(), List.of(DISTANCE), List.of()));
        play("{'cut':['a','b']}");
        play("{'cut':['a/1','a/2']}");
        play("{'isolate':'b'}");
        play("{'delay':['a','b'],'ms':200}");
        play("{'clock':'a/1','offsetMs':-3600000}");
        play("{'kill':'b/1'}");
        FaultSet now = table.current();
        assertThat(now.isCut("a/1", "a/2")).isTrue();
        assertThat(now.isCut("a/1", "b/1")).isTrue();
        assertThat(now.oneWayMicros("a/1", "b/1")).isEqualTo(150_000);
        assertThat(now.clockOffsetMillis(NodeId.parse("a/1"))).isEqualTo(-3_600_000);

        assertThat(play("{'heal':true}")).contains("\"killed\":[]", "\"cuts\":[]", "\"isolated\":[]", "\"delays\":[]", "\"clocks\":[]");
        assertThat(table.current()).isEqualTo(new FaultSet(List.of(), List.of(), List.of(), List.of(DISTANCE), List.of()));
        assertThat(running).hasSize(3);
    }

    @Test
    void aSecondDelayReplacesTheFirstAndZeroTakesItAway() {
        play("{'delay':['a','b'],'ms':200}");
        play("{'delay':['b','a'],'ms':50}");
        assertThat(table.current().oneWayMicros("a/1", "b/1")).isEqualTo(25_000);
        play("{'delay':['a','b'],'ms':0}");
        assertThat(table.current()).isSameAs(FaultSet.NONE);
    }

    @Test
    void unknownNamesAndMalformedCommandsAreRefused() {
        refused("{'kill':'c'}", ErrorCode.UNKNOWN_REGION);
        refused("{'cut':['a','c/1']}", ErrorCode.UNKNOWN_REGION);
        refused("{'isolate':'a/9'}", ErrorCode.UNKNOWN_REGION);
        for (String malformed : new String[]{"{}", "{'kill':7}", "{'cut':['a']}", "{'cut':'a'}", "{'delay':['a','b']}",
                "{'delay':['a','b'],'ms':-1}", "{'delay':['a','b'],'ms':1.5}", "{'clock':'a','offsetMs':1}", "{'heal':false}",
                "{'kill':'a/1','heal':true}", "{'explode':'a'}"}) {
            refused(malformed, ErrorCode.MALFORMED_REQUEST);
        }
        assertThat(running).hasSize(3);
        assertThat(table.current()).isSameAs(FaultSet.NONE);
    }
}
