package io.aviladb.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.Main;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.router.edge.CollectionBodies;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
    }

    @Test
    void helpIsEverywhere() {
        for (String[] args : new String[][]{{"--help"}, {"doc", "--help"}, {"doc", "get", "--help"}, {"import", "-h"},
                {"coll", "create", "--help"}}) {
            assertThat(run(args)).isEqualTo(ExitCode.OK);
        }
        assertThat(out.toString()).contains("aviladb import", "--partition-key");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void versionNamesTheDataFormat() {
        assertThat(run("--version")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("AvilaDB ", "data format 1");
    }

    @Test
    void misspeltCommandIsAUsageErrorThatNamesTheNearest() {
        assertThat(run("stats")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("Did you mean", "status");
    }

    @Test
    void nounWithoutVerbIsAUsageError() {
        assertThat(run("doc")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("insert", "patch");
    }

    @Test
    void aQuerysParameterHasANameAndAValue() {
        assertThat(run("query", "game", "SELECT * FROM players WHERE level > @min", "--param", "10")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'10' is no parameter", "name=value");
    }

    @Test
    void errorsAreExplainedOffline() {
        assertThat(run("errors", "AVL-2014", "--format", "table")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("DOCUMENT_EXISTS", "fix", "409");
        assertThat(run("errors", "1")).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void unreachableClusterIsUnavailableAndMachineReadableWhenAsked() {
        assertThat(run("--json-errors", "status", "--url", "http://127.0.0.1:1")).isEqualTo(ExitCode.UNAVAILABLE);
        JsonObject error = (JsonObject) JsonParser.parse(err.toString().strip().getBytes(StandardCharsets.UTF_8));
        assertThat(error.members()).containsKeys("code", "reason", "message", "hint", "retryable", "docs", "traceId");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aResolutionNamesOneVersion() {
        assertThat(run("conflicts", "resolve", "game/players", "1")).isEqualTo(ExitCode.USAGE);
        assertThat(run("conflicts", "resolve", "game/players", "1", "--choose", "a", "--restore", "b")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("one of --choose and --restore");
        assertThat(run("conflicts", "whatif", "game/players")).isEqualTo(ExitCode.USAGE);
        assertThat(run("conflicts", "whatif", "game/players", "manual", "--url", "http://127.0.0.1:1")).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run("conflicts", "list", "game/players", "--url", "http://127.0.0.1:1")).isEqualTo(ExitCode.UNAVAILABLE);
    }

    @Test
    void faultsAreWhatTheRestInterfaceTakes() {
        assertThat(FaultsCommand.command(List.of("kill", "sa-east-1/1")).toJson()).isEqualTo("{\"kill\":\"sa-east-1/1\"}");
        assertThat(FaultsCommand.command(List.of("cut", "a", "b")).toJson()).isEqualTo("{\"cut\":[\"a\",\"b\"]}");
        assertThat(FaultsCommand.command(List.of("delay", "a", "b", "200ms")).toJson()).isEqualTo("{\"delay\":[\"a\",\"b\"],\"ms\":200}");
        assertThat(FaultsCommand.command(List.of("clock", "a/1", "-5")).toJson()).isEqualTo("{\"clock\":\"a/1\",\"offsetMs\":-5}");
        assertThat(FaultsCommand.command(List.of("heal")).toJson()).isEqualTo("{\"heal\":true}");
        assertThatThrownBy(() -> FaultsCommand.command(List.of("isolat", "a"))).isInstanceOf(CommandFailure.class);
        assertThatThrownBy(() -> FaultsCommand.command(List.of("cut", "a"))).isInstanceOf(CommandFailure.class);
    }

    @Test
    void keysAreNumbersWhereTheyAreWrittenSo() {
        assertThat(DocCommand.partitionKey(List.of("42", "\"42\"", "true", "a b", "1.50", "{}")).toJson())
                .isEqualTo("[42,\"42\",true,\"a b\",1.50,\"{}\"]");
    }

    @Test
    void partitionKeysAreWhatTheRestInterfaceTakes() {
        assertThat(CollectionBodies.strategy(CollCommand.partitionKey(List.of(), 0)))
                .isEqualTo(CollectionBodies.strategy(new JsonString("/id")));
        assertThat(((PartitionStrategy.Fields) CollectionBodies.strategy(CollCommand.partitionKey(List.of("/a", "/b"), 0))).levels())
                .hasSize(2);
        assertThat(CollectionBodies.strategy(CollCommand.partitionKey(List.of(), 16))).isEqualTo(new PartitionStrategy.Synthetic(16));
    }

    private static JsonObject json(String text) {
        return (JsonObject) JsonParser.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whoHoldsTombstonesBackHasARowEach() {
        assertThat(DoctorCommand.rows(json("{'range':7,'tombstones':0,'heldBy':[]}"))).isEmpty();
        assertThat(DoctorCommand.rows(json("{'range':7,'tombstones':2,'oldest':'t','heldBy':[]}"))).singleElement()
                .satisfies(row -> assertThat(row.getOrNull("region")).isNull());
        assertThat(DoctorCommand.rows(json("{'range':7,'tombstones':2,'heldBy':[{'region':'a','of':'b','acknowledged':null,'tombstones':1},"
                + "{'region':'c','of':'b','acknowledged':'t','tombstones':1}]}"))).extracting(row -> row.getOrNull("acknowledged"))
                .containsExactly(new io.aviladb.core.document.JsonString("never"), new io.aviladb.core.document.JsonString("t"));
    }

    @Test
    void aCheckHasARowForTheCollectionAndForEachPlace() {
        JsonObject collection = json("{'database':'d','collection':'c','verdict':'incomplete','documents':5,'whole':true,'because':null,"
                + "'regions':[{'region':'a','state':'identical','documents':5,'because':null}],"
                + "'nodes':[{'node':'a/1','state':'missed','documents':0,'because':'gone'}]}");
        assertThat(VerifyCommand.rows(collection)).extracting(row -> row.getOrNull("place") + " " + row.getOrNull("state"))
                .containsExactly("\"all\" \"incomplete\"", "\"a\" \"identical\"", "\"a/1\" \"missed\"");
        assertThat(VerifyCommand.rows(collection).getLast().getOrNull("because")).hasToString("\"gone\"");
    }

    @Test
    void rpoIsWholeOnlyWhereAllWasMeasured() {
        assertThat(RpoCommand.exitCode(List.of(json("{'basis':'measured'}")))).isEqualTo(ExitCode.OK);
        assertThat(RpoCommand.exitCode(List.of(json("{'basis':'measured'}"), json("{'basis':'acknowledged'}")))).isEqualTo(ExitCode.PARTLY);
        assertThat(RpoCommand.exitCode(List.of(json("{'basis':'unknown'}")))).isEqualTo(ExitCode.PARTLY);
    }

    @Test
    void surviveIsWellOnlyWhereNothingIsLostAndDefinitionsGoOn() {
        String report = "{'stops':{'known':true,'groups':[{'group':101}],'ranges':3},'loss':{'writes':%d,'oldestAgeMs':70,'complete':true,"
                + "'basis':'measured'},'tokensUnmetFrom':null,'goesOn':{'definitions':%s}}";
        assertThat(SurviveCommand.exitCode(json(report.formatted(0, true)))).isEqualTo(ExitCode.OK);
        assertThat(SurviveCommand.exitCode(json(report.formatted(2, true)))).isEqualTo(ExitCode.PARTLY);
        assertThat(SurviveCommand.exitCode(json(report.formatted(-1, true)))).isEqualTo(ExitCode.PARTLY);
        assertThat(SurviveCommand.exitCode(json(report.formatted(0, false)))).isEqualTo(ExitCode.PARTLY);
        assertThat(SurviveCommand.lines(json(report.formatted(2, true))).toString()).contains("2, the oldest 70 ms old (measured)");
        assertThat(SurviveCommand.lines(json(report.formatted(-1, true))).toString()).contains("unknown");
        assertThat(run("survive", "node", "a/1")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void statusExitCodeTellsWellFromDegradedFromLeaderless() {
        String nodes = "'regions':[{'name':'a','reachable':true}],'nodes':[{'id':'a/1','region':'a','state':'%s'}]";
        String groups = ",'groups':[{'group':1,'leader':%s}]";
        assertThat(StatusCommand.exitCode(json("{" + nodes.formatted("up") + groups.formatted("'a/1'") + "}"))).isEqualTo(ExitCode.OK);
        assertThat(StatusCommand.exitCode(json("{" + nodes.formatted("down") + groups.formatted("'a/1'") + "}")))
                .isEqualTo(ExitCode.PARTLY);
        assertThat(StatusCommand.exitCode(json("{" + nodes.formatted("up") + groups.formatted("null") + "}")))
                .isEqualTo(ExitCode.UNAVAILABLE);
        StringWriter screen = new StringWriter();
        StatusCommand.screen(json("{'region':'a'," + nodes.formatted("down") + "}"), new PrintWriter(screen));
        assertThat(screen.toString()).contains("1:DN");
    }
}
