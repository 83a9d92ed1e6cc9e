package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@code aviladb import} into one region; the others get it all. */
class ImportIT {
    private static final boolean SOAK = Boolean.getBoolean("avila.soak");
    private static final int PLAYERS = SOAK ? 100_000 : 20_000;
    private static final int BAD = 3;
    private static final int PARTLY = 6;
    private static final Duration LONGEST_IMPORT = Duration.ofMinutes(SOAK ? 15 : 5);

    private final Path folder = Repository.folder("import");

    @Test
    void anInterruptedImportGoesOnAndEveryRegionHasEachDocumentOnce() throws IOException {
        Path file = folder.resolve("players.ndjson");
        assertThat(run("sample", "sample", "players", "--count", Integer.toString(PLAYERS), "--out", file.toString())
                .awaitExit(LONGEST_IMPORT)).isZero();
        Files.writeString(file, "{\"id\":\"broken\",\n{\"id\":\"nobody\"}\n{\"id\":\"player1\",\"userId\":\"player1\"}\n",
                StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        Path rejects = folder.resolve("players.ndjson.rejects.ndjson");
        Path state = folder.resolve("players.ndjson.import.json");
        try (DevProcess cluster = DevProcess.start("dev", folder, "--temporary", "--rtt", "none")) {
            List<CollectionRest> regions = cluster.everywhere("game", "players");
            String[] command = {"import", "game/players", file.toString(), "--create", "/userId", "--url",
                    cluster.regions().get(0).rest().endpoint()};
            try (ChildProcess interrupted = run("interrupted", command)) {
                await().atMost(LONGEST_IMPORT).pollInterval(Duration.ofMillis(20))
                        .until(() -> Files.exists(state) && number(Files.readString(state), "records") >= 1_000);
                interrupted.kill();
            }
            assertThat(number(Files.readString(state), "records")).as("interrupted on its way").isLessThan(PLAYERS);

            ChildProcess resumed = run("resumed", command);
            assertThat(resumed.awaitExit(LONGEST_IMPORT)).as(resumed.errors()).isEqualTo(PARTLY);
            String report = resumed.output().strip();
            assertThat(number(report, "resumedAt")).isGreaterThanOrEqualTo(1_000);
            assertThat(number(report, "imported")).as("in both runs").isEqualTo(PLAYERS);
            assertThat(number(report, "rejected")).isEqualTo(BAD);
            assertThat(Files.readAllLines(rejects)).hasSize(BAD).anySatisfy(line -> assertThat(line).contains("AVL-2001"))
                    .anySatisfy(line -> assertThat(line).contains("AVL-2008", "nobody"))
                    .anySatisfy(line -> assertThat(line).contains("AVL-2014", "player1"));
            assertThat(state).as("the import is done").doesNotExist();
            Convergence.awaitCount(regions, PLAYERS);
            cluster.stopCleanly();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "avila.soak", matches = "true", disabledReason = "fetches 100,000 cities with npm: a soak")
    void aHundredThousandCitiesAreLoadedOnceIntoAllRegions() {
        try (DevProcess cluster = DevProcess.start("cities", folder, "--temporary", "--rtt", "none", "--load", "cities")) {
            List<CollectionRest> regions = cluster.everywhere("world", "cities");
            long count = regions.get(0).count();
            assertThat(count).isGreaterThan(100_000);
            Convergence.awaitCount(regions, count);
            assertThat(cluster.output()).contains("GeoNames", "CC BY 4.0");
            cluster.stopCleanly();
        }
    }

    private ChildProcess run(String name, String... arguments) {
        return ChildProcess.start(name, Repository.command(new ArrayList<>(List.of(arguments))), folder, Map.of());
    }

    private static long number(String json, String member) {
        JsonValue value = ((JsonObject) JsonParser.parse(json.getBytes(StandardCharsets.UTF_8))).getOrNull(member);
        return value instanceof JsonNumber number ? number.toLong().orElse(-1) : -1;
    }
}
