package io.aviladb.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The small histories with known verdicts, as files: before one is judged it must be read, or refused, as its name says. */
class KnownHistoriesTest {
    private static final int KNOWN = 75;

    @Test
    void onlyTheMalformedAreRefused() throws Exception {
        List<Path> files = files();
        assertThat(files).hasSize(KNOWN);
        for (Path file : files) {
            if (file.getFileName().toString().startsWith("malformed-")) {
                assertThatThrownBy(() -> History.read(file)).as(file.toString()).isInstanceOf(MalformedHistoryException.class);
            } else {
                assertThat(History.read(file).operations()).as(file.toString()).isNotEmpty();
            }
        }
    }

    @Test
    void whatIsWrittenIsWhatWasRead() throws Exception {
        for (Path file : files()) {
            List<Edn> lines = EdnReader.readAll(Files.readString(file));
            List<Edn> again = EdnReader.readAll(String.join("\n", lines.stream().map(Edn::text).toList()));
            assertThat(again).as(file.toString()).isEqualTo(lines);
        }
    }

    private static List<Path> files() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(KnownHistoriesTest.class.getResource("/histories")).toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.endsWith("cases.edn")).sorted().toList();
        }
    }
}
