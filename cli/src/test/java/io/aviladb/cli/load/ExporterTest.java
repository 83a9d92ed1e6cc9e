package io.aviladb.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.ClusterUrl;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExporterTest {
    private static final String LISTING = "/v1/databases/d/collections/c/documents?scope=LOCAL";
    private static final String ALL = "{\"id\":\"a\",\"n\":1.50}\n{\"id\":\"b\"}\n{\"id\":\"c\"}\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;
    @SuppressWarnings("NullAway.Init")
    private HttpServer server;
    private volatile boolean secondPageFails;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean second = exchange.getRequestURI().toString().contains("continuationToken=two");
            boolean fails = second && secondPageFails;
            byte[] answer = (fails
                    ? "{\"code\":\"AVL-5003\",\"message\":\"no leader\",\"retryable\":true}"
                    : second
                            ? "{\"documents\":[{\"id\":\"c\"}],\"continuationToken\":null,\"coverage\":{\"complete\":true}}"
                            : "{\"documents\":[{\"id\":\"a\",\"n\":1.50},{\"id\":\"b\"}],\"continuationToken\":\"two\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(fails ? 503 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Exporter exporter(ApiClient api, String listing) {
        return new Exporter(api, listing, documents -> {});
    }

    private ApiClient client() {
        return new ApiClient(ClusterUrl.parse("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @Test
    void documentsComeAsWrittenPageAfterPage() throws IOException {
        try (ApiClient api = client()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(exporter(api, LISTING).to(out)).isEqualTo(3);
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(ALL);
        }
    }

    @Test
    void anExportThatBrokeOffGoesOnWhereItStood() throws IOException {
        Path file = folder.resolve("out.ndjson");
        secondPageFails = true;
        try (ApiClient api = client()) {
            assertThatThrownBy(() -> exporter(api, LISTING).to(file, false)).isInstanceOf(CommandFailure.class);
            assertThat(file).doesNotExist();
            Path unfinished = folder.resolve("out.ndjson.part");
            Files.writeString(unfinished, "half a li", StandardOpenOption.APPEND); // what a crash left of a page
            assertThatThrownBy(() -> exporter(api, LISTING + "&x").to(file, false)).hasMessageContaining("another export");
            secondPageFails = false;
            assertThat(exporter(api, LISTING).to(file, false).documents()).isEqualTo(3);
        }
        assertThat(file).hasContent(ALL);
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void aFileThatExistsOrIsShorterThanItsStateIsRefused() throws IOException {
        Path file = folder.resolve("out.ndjson");
        secondPageFails = true;
        try (ApiClient api = client()) {
            assertThatThrownBy(() -> exporter(api, LISTING).to(file, false)).isInstanceOf(CommandFailure.class);
            Files.writeString(folder.resolve("out.ndjson.part"), "");
            assertThatThrownBy(() -> exporter(api, LISTING).to(file, false)).hasMessageContaining("shorter");
            secondPageFails = false;
            exporter(api, LISTING).to(file, true);
            assertThatThrownBy(() -> exporter(api, LISTING).to(file, false)).hasMessageContaining("exists");
        }
    }
}
