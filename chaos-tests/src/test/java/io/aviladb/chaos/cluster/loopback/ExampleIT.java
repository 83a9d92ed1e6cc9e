package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.client.example.GameBackend;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The SDK's example program, as docs/client.md shows it, against a cluster. */
class ExampleIT {
    @Test
    void theExampleProgramRuns() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (DevProcess cluster = DevProcess.start("dev", Repository.folder("example"), "--temporary");
                PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            GameBackend.run(cluster.regions().get(0).rest().endpoint().replace("http://", "aviladb://"), out);
            assertThat(printed.toString(StandardCharsets.UTF_8).lines()).startsWith("inserted player123 in sa-east-1")
                    .contains("refused AVL-2015", "listed \"player123\"", "listed \"player124\"", "listed \"player125\"", "left 0");
            cluster.stopCleanly();
        }
    }
}
