package io.aviladb.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.client.example.GameBackend;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The example against a fake that answers every query with all documents; {@code QueryTest} of the testkit runs queries against a cluster. */
class GameBackendTest {
    @Test
    void theExampleRuns() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (FakeServer server = new FakeServer("sa-east-1"); PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            GameBackend.run(server.url(), out);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).containsExactly("inserted player123 in sa-east-1",
                "read {\"id\":\"player123\",\"userId\":\"player123\",\"level\":42,\"wins\":1}", "refused AVL-2015",
                "found 3, complete true",
                "best {\"id\":\"player123\",\"userId\":\"player123\",\"level\":43,\"wins\":1}",
                "best {\"id\":\"player124\",\"userId\":\"player124\",\"level\":7}",
                "best {\"id\":\"player125\",\"userId\":\"player125\",\"level\":9}", "updated 3", "listed \"player123\"",
                "listed \"player124\"", "listed \"player125\"", "left 0");
    }
}
