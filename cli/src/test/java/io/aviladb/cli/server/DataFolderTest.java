package io.aviladb.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path path;

    @Test
    void secondOwnerIsRefusedAndToldWhoHasIt() throws IOException {
        try (DataFolder first = DataFolder.open(path)) {
            assertThat(first.path()).isEqualTo(path);
            assertThatThrownBy(() -> DataFolder.open(path)).isInstanceOfSatisfying(CommandFailure.class, refused -> {
                assertThat(refused.exitCode()).isEqualTo(ExitCode.FOLDER_IN_USE);
                assertThat(refused.message()).contains("pid " + ProcessHandle.current().pid());
            });
        }
        DataFolder.open(path).close();
    }

    @Test
    void laterFormatIsRefusedAndLeftAsItIs() throws IOException {
        DataFolder.open(path).close();
        Files.writeString(path.resolve("format.json"), "{\"format\":2}");
        assertThatThrownBy(() -> DataFolder.open(path)).isInstanceOf(CommandFailure.class).hasMessageContaining("format 2");
        assertThat(path.resolve("format.json")).hasContent("{\"format\":2}");
    }

    @Test
    void damagedFormatIsRefused() throws IOException {
        DataFolder.open(path).close();
        Files.writeString(path.resolve("format.json"), "{\"for");
        assertThatThrownBy(() -> DataFolder.open(path)).isInstanceOf(CommandFailure.class).hasMessageContaining("damaged");
    }

    @Test
    void clockFollowsItsFileAndKeepsTheLastOffsetWhereItIsHalfWritten() throws IOException {
        Path file = path.resolve("offset");
        io.aviladb.core.time.Clock clock = OffsetFileClock.of(file);
        assertThat(clock.millis() - System.currentTimeMillis()).isBetween(-1_000L, 1_000L);
        Files.writeString(file, "3600000\n");
        org.awaitility.Awaitility.await().until(() -> clock.millis() - System.currentTimeMillis() > 3_590_000);
        Files.writeString(file, "");
        long nanos = System.nanoTime();
        org.awaitility.Awaitility.await().until(() -> System.nanoTime() - nanos > 30_000_000);
        assertThat(clock.millis() - System.currentTimeMillis()).isGreaterThan(3_590_000);
    }
}
