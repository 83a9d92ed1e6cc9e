package io.aviladb.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.load.RecordSource;
import io.aviladb.cli.load.SourceRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
    private static List<String> players(long count, long seed, Path cache) throws IOException, InterruptedException {
        List<String> documents = new ArrayList<>();
        try (RecordSource source = Samples.named("players").open(count, seed, cache)) {
            for (SourceRecord record = source.next(); record != null; record = source.next()) {
                documents.add(((SourceRecord.Parsed) record).document().toJson());
            }
        }
        return documents;
    }

    @Test
    void playersDependOnTheSeedAlone(@TempDir Path cache) throws Exception {
        List<String> some = players(200, 1, cache);
        assertThat(players(500, 1, cache)).startsWith(some.toArray(String[]::new)).hasSize(500).doesNotHaveDuplicates();
        assertThat(players(200, 2, cache)).isNotEqualTo(some);
        assertThat(some.stream().mapToInt(String::length).average().orElse(0)).isBetween(300.0, 600.0);
    }

    @Test
    void aFileIsFoundInAPackagesArchive(@TempDir Path folder) throws IOException {
        Path archive = folder.resolve("p.tgz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
            out.write(entry("package/LICENSE", "x".repeat(700)));
            out.write(entry("package/data.json", "[1,2]"));
            out.write(new byte[1024]);
        }
        NpmPackage.extract(archive, "package/data.json", folder.resolve("out"));
        assertThat(folder.resolve("out")).hasContent("[1,2]");
        assertThatThrownBy(() -> NpmPackage.extract(archive, "package/none", folder.resolve("out"))).isInstanceOf(CommandFailure.class);
    }

    private static byte[] entry(String name, String content) {
        byte[] header = new byte[512];
        System.arraycopy(name.getBytes(StandardCharsets.UTF_8), 0, header, 0, name.length());
        byte[] size = String.format("%011o", content.length()).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(size, 0, header, 124, size.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header);
        out.writeBytes(content.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[(512 - content.length() % 512) % 512]);
        return out.toByteArray();
    }

    @Test
    void unknownSetIsAUsageErrorWithTheNearestName() {
        assertThatThrownBy(() -> Samples.named("citis")).isInstanceOfSatisfying(CommandFailure.class,
                refused -> assertThat(refused.hint()).contains("cities"));
    }
}
