package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aviladb.chaos.cluster.disk.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A real disk, shared by all replicas of a region, fills up: first to the reserve, then to the last byte. */
class FullDiskIT {
    private static final long DISK_BYTES = 1L << 30;
    /** What {@code dev} keeps free, and a little less. */
    private static final long BELOW_RESERVE = 200L << 20;
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final Duration FULL_FOR = Duration.ofSeconds(15);

    @Test
    void aFullDiskRefusesWritesServesReadsAndLosesNothing() throws IOException {
        Path folder = Repository.folder("full-disk");
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), DISK_BYTES);
                DevProcess cluster = DevProcess.start("dev", folder, "--regions", "sa-east-1", "--data",
                        disk.path().resolve("data").toString())) {
            CollectionRest players = cluster.everywhere("game", "players").get(0);
            players.create("\"lww\"");
            List<String> acknowledged = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                insert(players, "d" + i, acknowledged).expect(201);
            }

            disk.fillTo(BELOW_RESERVE);
            await().atMost(SOON).until(() -> insert(players, "extra" + acknowledged.size(), acknowledged).status() == 507);
            insert(players, "refused", acknowledged).expectProblem(507, "AVL-6001");
            players.get("d0").expect(200);
            players.rest().call("DELETE", players.document("d0"), "", Map.of()).expect(204);
            acknowledged.remove("d0");

            disk.fillTo(0);
            assertThat(disk.path().toFile().getUsableSpace()).as("bytes left").isLessThan(64 << 10);
            long end = System.nanoTime() + FULL_FOR.toNanos();
            List<String> unknown = new ArrayList<>();
            for (int i = 1; System.nanoTime() < end; i++) {
                String id = "d" + i % 150;
                Rest.Answer deleted = players.rest().call("DELETE", players.document(id), "", Map.of("x-aviladb-timeout", "1000"));
                if (deleted.status() == 204) {
                    acknowledged.remove(id);
                } else if (deleted.status() != 404) {
                    assertThat(deleted.status()).as(deleted.text()).isIn(503, 504, 507);
                    unknown.add(id); // it may have been applied
                }
            }
            assertThat(players.rest().call("GET", players.document("d199"), "", Map.of("x-aviladb-consistency", "eventual")).status())
                    .as("a read needs no space").isEqualTo(200);

            disk.free();
            try {
                await().atMost(SOON).until(() -> insert(players, "after", acknowledged).status() == 201);
            } finally {
                disk.keep(".jsonl", folder.resolve("logs"));
            }
            for (String id : acknowledged) {
                if (!unknown.contains(id)) {
                    players.get(id).expect(200);
                }
            }
            players.get("d0").expectProblem(404, "AVL-2013");
            players.get("refused").expectProblem(404, "AVL-2013");
            cluster.stopCleanly();
        }
    }

    private static Rest.Answer insert(CollectionRest players, String id, List<String> acknowledged) {
        Rest.Answer answer = players.insert("{\"id\":\"" + id + "\",\"userId\":\"" + id + "\",\"text\":\"" + id.repeat(200) + "\"}");
        if (answer.status() == 201) {
            acknowledged.add(id);
        }
        return answer;
    }
}
