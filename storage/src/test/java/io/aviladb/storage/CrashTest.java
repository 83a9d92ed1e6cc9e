package io.aviladb.storage;

import static io.aviladb.storage.Stores.ALL;
import static io.aviladb.storage.Stores.at;
import static io.aviladb.storage.Stores.bytes;
import static io.aviladb.storage.Stores.head;
import static io.aviladb.storage.Stores.key;
import static io.aviladb.storage.Stores.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.storage.engine.SharedEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {
    @TempDir
    Path directory;

    @Test
    void killedProcessLeavesTheStateAtItsAppliedPosition() throws Exception {
        Path db = directory.resolve("db");
        long before = 0;
        for (int round = 0; round < 3; round++) {
            long flushed = writeAndKill(db);
            try (SharedEngine shared = Stores.engine(); GroupStore store = GroupStore.open(db, shared)) {
                long index = store.applied().index();
                assertThat(index).as("round %d: what was flushed is there", round).isGreaterThanOrEqualTo(Math.max(flushed, before));
                assertState(store, index);
                before = index;
            }
        }
    }

    /** @return the last index that the process said was flushed */
    private static long writeAndKill(Path db) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(flag -> flag.startsWith("--")).forEach(command::add);
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), CrashWriter.class.getName(), db.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        long flushed = 0;
        List<String> said = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            int until = ThreadLocalRandom.current().nextInt(2, 5);
            for (String line = lines.readLine(); line != null && until > 0; line = lines.readLine()) {
                said.add(line);
                if (line.startsWith("flushed ")) {
                    flushed = Long.parseLong(line.substring(8));
                    until--;
                }
            }
            process.destroyForcibly(); // SIGKILL, while it goes on writing
            assertThat(process.waitFor()).as("killed, not ended: %s", said).isEqualTo(128 + 9);
        } finally {
            process.destroyForcibly();
        }
        return flushed;
    }

    private static void assertState(GroupStore store, long index) {
        assertThat(store.meta(bytes("last"))).isEqualTo(bytes(Long.toString(index)));
        for (long i = Math.max(1, index - 60); i <= index; i++) { // every document is among the last entries
            for (int unit = 0; unit < CrashWriter.UNITS; unit++) {
                String id = CrashWriter.document(i, unit);
                long newest = i;
                for (long later = i + 1; later <= index; later++) {
                    newest = CrashWriter.document(later, 0).equals(id) || CrashWriter.document(later, 1).equals(id)
                            || CrashWriter.document(later, 2).equals(id) ? later : newest;
                }
                assertThat(store.head(key(id))).isEqualTo(head(newest));
                assertThat(store.version(key(id), version(i))).isEqualTo(CrashWriter.body(i, unit));
                assertThat(store.dedup(key(id), bytes("client"))).isEqualTo(bytes(Long.toString(newest)));
            }
        }
        long[] rows = {0};
        store.scanFeed(HybridTimestamp.ZERO, HybridTimestamp.MAX, (stamp, position, row) -> {
            boolean next = stamp.equals(at(1 + rows[0] / CrashWriter.UNITS)) && position == rows[0] % CrashWriter.UNITS;
            rows[0] += next ? 1 : 0;
            return next; // a gap ends the scan, and the count below tells
        });
        assertThat(rows[0]).as("feed rows").isEqualTo(index * CrashWriter.UNITS);
        Version[] highest = {version(0)};
        long[] versions = {0};
        store.scanVersions(ALL, null, (key, version, body) -> {
            versions[0]++;
            highest[0] = version.compareTo(highest[0]) > 0 ? version : highest[0];
            return true;
        });
        assertThat(highest[0]).isEqualTo(version(index));
        assertThat(versions[0]).isEqualTo(index * CrashWriter.UNITS);
    }
}
