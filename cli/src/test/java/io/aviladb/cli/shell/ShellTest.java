package io.aviladb.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.ClusterUrl;
import io.aviladb.cli.output.Format;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShellTest {
    private static final String EMPTY = "{'documents':[],'coverage':{'complete':true}}";

    private final List<JsonObject> asked = new ArrayList<>();
    private final Deque<String> answers = new ArrayDeque<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (body.length > 0) {
                asked.add((JsonObject) JsonParser.parse(body));
            }
            String answer = (answers.isEmpty() ? EMPTY : answers.remove()).replace('\'', '"');
            byte[] text = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.contains("\"code\"") ? 400 : 200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int run(LineSource lines) {
        try (ApiClient api = new ApiClient(ClusterUrl.parse("http://127.0.0.1:" + server.getAddress().getPort()))) {
            return new Shell(api, new PrintWriter(out), new PrintWriter(err), new ShellSettings("game", Format.ndjson)).run(lines);
        }
    }

    private int script(String text) {
        return run(LineSource.of(new BufferedReader(new StringReader(text))));
    }

    @Test
    void aStatementsPagesAreOneListOfRows() {
        answers.add("{'documents':[{'a':1}],'continuationToken':'next'}");
        answers.add("{'documents':[{'a':2}]}");
        assertThat(script("SELECT a\nFROM t;")).isEqualTo(ExitCode.OK);
        assertThat(out.toString().lines()).containsExactly("{\"a\":1}", "{\"a\":2}");
        assertThat(asked.get(0).getOrNull("query")).hasToString("\"SELECT a\\nFROM t\"");
        assertThat(asked.get(1).getOrNull("continuationToken")).hasToString("\"next\"");
    }

    @Test
    void parametersGoOnlyToTheStatementsThatNameThem() {
        script("\\set min 10\n\\set name ana maria\nSELECT * FROM t WHERE a > @min; SELECT * FROM t WHERE b = @name; SELECT 1 FROM t");
        assertThat(asked).extracting(request -> String.valueOf(request.getOrNull("parameters"))).containsExactly("{\"min\":10}",
                "{\"name\":\"ana maria\"}", "{}");
    }

    @Test
    void aScriptEndsAtItsFirstFailureWithItsStatus() {
        answers.add("{'code':'AVL-3001','message':'at 1:1: no','hint':'write it well'}");
        assertThat(script("SELEC;\nSELECT 1 FROM t;")).isEqualTo(ExitCode.FAILED);
        assertThat(asked).hasSize(1);
        assertThat(err.toString()).contains("AVL-3001", "write it well");
    }

    @Test
    void aPersonGoesOnAfterAFailureAndMayGiveUpAStatement() {
        answers.add("{'code':'AVL-3001','message':'no'}");
        Deque<@Nullable String> typed = new ArrayDeque<>(Arrays.asList("SELEC;", "SELECT 'never ended", "^C", "SELECT 2 FROM t;", "\\q"));
        int status = run(new LineSource() {
            @Override
            public @Nullable String read(String prompt) {
                String line = typed.remove();
                if ("^C".equals(line)) {
                    throw new Interrupted();
                }
                return line;
            }

            @Override
            public boolean interactive() {
                return true;
            }
        });
        assertThat(status).isEqualTo(ExitCode.OK);
        assertThat(asked).extracting(request -> String.valueOf(request.getOrNull("query"))).containsExactly("\"SELEC\"",
                "\"SELECT 2 FROM t\"");
    }

    @Test
    void anIncompleteAnswerIsSaidAndHasAStatusOfItsOwn() {
        answers.add("{'documents':[],'coverage':{'complete':false}}");
        assertThat(script("SELECT 1 FROM t;")).isEqualTo(ExitCode.PARTLY);
        assertThat(err.toString()).contains("not every region answered");
    }

    @Test
    void wrongCommandsNameTheFix() {
        assertThat(script("\\nonsense")).isEqualTo(ExitCode.USAGE);
        assertThat(script("\\format xml")).isEqualTo(ExitCode.USAGE);
        assertThat(script("\\scope here")).isEqualTo(ExitCode.USAGE);
        assertThat(script("\\use")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("\\help lists them", "table, json", "LOCAL and GLOBAL", "lacks a word");
    }
}
