package io.aviladb.node.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.ratis.util.AtomicFileOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path directory;

    @Test
    void fullDiskLeavesTheFileAsItWas() throws IOException {
        Path vote = Files.writeString(directory.resolve("raft-meta"), "term=7");
        // A device without space stands for the temporary file; written as Ratis writes it.
        Path full = Files.createSymbolicLink(directory.resolve("raft-meta.tmp"), Path.of("/dev/full"));
        assertThatThrownBy(() -> {
            try (BufferedWriter out = new BufferedWriter(
                    new OutputStreamWriter(new AtomicFileOutputStream(vote.toFile()), StandardCharsets.UTF_8))) {
                out.write("term=8");
            }
        }).isInstanceOf(IOException.class);
        assertThat(vote).hasContent("term=7");
        assertThat(full).doesNotExist();
    }

    @Test
    void whatWasWrittenTakesTheFilesPlaceAtTheEnd() throws IOException {
        File file = directory.resolve("raft-meta").toFile();
        for (String text : new String[]{"term=1", "term=22"}) {
            try (AtomicFileOutputStream out = new AtomicFileOutputStream(file)) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
            assertThat(file).hasContent(text);
        }
        AtomicFileOutputStream abandoned = new AtomicFileOutputStream(file);
        abandoned.write('x');
        abandoned.abort();
        assertThat(abandoned.isClosed()).isTrue();
        abandoned.close();
        assertThat(file).hasContent("term=22");
        assertThat(directory.toFile().list()).containsExactly("raft-meta");
    }
}
