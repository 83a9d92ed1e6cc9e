package io.aviladb.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What processes say is read without taking anybody's threads: once, a restart fault waited for ever for one to tell the nodes of the faults. */
class ProcessOutputTest {
    private static final int PROCESSES = 9;

    @Test
    void processesThatSayNothingHoldNoCarrierOfVirtualThreads() throws Exception {
        List<Process> processes = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                Process process = new ProcessBuilder("sleep", "600").start();
                processes.add(process);
                BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
                Thread reading = ProcessNodes.drained(out, "p" + i);
                assertThat(reading.isVirtual()).isFalse();
                assertThat(reading.isDaemon()).as("dev's end doesn't wait for it").isTrue();
            }
            CompletableFuture<Void> ran = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> ran.complete(null));
            assertThat(ran).succeedsWithin(Duration.ofSeconds(30));
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }
}
