package io.aviladb.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImporterTest {
    private static final ImportState BEGIN = new ImportState("import", "r1", "/v1/databases/d/collections/c", "s", 10, 0, 0, 0, 0, 0);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;
    @SuppressWarnings("NullAway.Init") // set before each test
    private FakeRouter router;

    @BeforeEach
    void start() throws IOException {
        router = new FakeRouter();
    }

    @AfterEach
    void stop() {
        router.close();
    }

    /** Every seventh line is no JSON. */
    private static RecordSource lines(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            text.append(i % 7 == 0 ? "bad " + i + "\n" : "{\"id\":\"d" + i + "\"}\n");
        }
        return new JsonLinesSource(new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private ImportState run(ImportState begin, RecordSource source, Duration patience) throws Exception {
        try (ApiClient api = router.client()) {
            Importer.Plan plan = new Importer.Plan(BEGIN.target(), 4, patience, Optional.of(state()), Optional.of(rejects()));
            return new Importer(api, plan, begin, Progress.SILENT).run(source);
        }
    }

    private Path state() {
        return folder.resolve("state.json");
    }

    private Path rejects() {
        return folder.resolve("rejects.ndjson");
    }

    @Test
    void everyRecordIsImportedOrRejectedWithItsLine() throws Exception {
        ImportState end = run(BEGIN, lines(100), Duration.ofSeconds(5));
        assertThat(end.records()).isEqualTo(100);
        assertThat(end.imported()).isEqualTo(86);
        assertThat(end.rejected()).isEqualTo(14);
        assertThat(router.documents).hasSize(86);
        assertThat(Files.readAllLines(rejects())).hasSize(14).first().asString().startsWith("{\"line\":7,\"code\":\"AVL-2001\"");
    }

    @Test
    void lostAnswersAreRetriedUnderTheSameKeyAndInsertNothingTwice() throws Exception {
        router.loseEvery = 3;
        ImportState end = run(BEGIN, lines(200), Duration.ofSeconds(20));
        assertThat(router.requests.get()).isGreaterThan(20);
        assertThat(end.imported()).isEqualTo(router.documents.size()).isEqualTo(172);
        assertThat(Files.readAllLines(rejects())).hasSize(28).noneMatch(line -> line.contains("AVL-2014"));
    }

    @Test
    void interruptedImportResumesWithoutLossOrDoubles() throws Exception {
        router.dieAfter = 7;
        assertThatThrownBy(() -> run(BEGIN, lines(300), Duration.ZERO)).isInstanceOfSatisfying(CommandFailure.class,
                failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
        ImportState saved = ImportState.load(state()).orElseThrow();
        assertThat(saved.records()).isBetween(1L, 70L);
        Files.writeString(rejects(), Files.readString(rejects()) + "written after the state, before the crash\n");

        router.dieAfter = Integer.MAX_VALUE;
        ImportState end = run(saved, lines(300), Duration.ofSeconds(5));
        assertThat(end.records()).isEqualTo(300);
        assertThat(end.imported()).isEqualTo(router.documents.size()).isEqualTo(258);
        assertThat(Files.readAllLines(rejects())).hasSize(42).allMatch(line -> line.startsWith("{\"line\":")).doesNotHaveDuplicates();
    }

    @Test
    void existingDocumentsAreRejectedWithTheServersCode() throws Exception {
        run(BEGIN, lines(20), Duration.ofSeconds(5));
        ImportState other = new ImportState("again", "r1", BEGIN.target(), "s", 10, 0, 0, 0, 0, 0);
        ImportState end = run(other, lines(20), Duration.ofSeconds(5));
        assertThat(end.imported()).isZero();
        assertThat(Files.readString(rejects())).contains("AVL-2014");
    }

    @Test
    void resumingAnotherSourceIsRefused() {
        ImportState further = new ImportState("import", "r1", BEGIN.target(), "s", 10, 5, 50, 50, 0, 0);
        assertThatThrownBy(() -> run(further, lines(20), Duration.ofSeconds(5))).isInstanceOf(CommandFailure.class)
                .hasMessageContaining("fewer records");
    }
}
