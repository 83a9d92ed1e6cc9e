package io.aviladb.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.client.example.GameBackend;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GameBackendTest {
    @Test
    void theExampleRuns() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (FakeServer server = new FakeServer("sa-east-1"); PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            GameBackend.run(server.url(), out);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).containsExactly("inserted player123 in sa-east-1",
                "read {\"id\":\"player123\",\"userId\":\"player123\",\"level\":42,\"wins\":1}", "refused AVL-2015", "listed \"player123\"",
                "listed \"player124\"", "listed \"player125\"", "left 0");
    }
}
