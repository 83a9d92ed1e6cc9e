package io.aviladb.cli.load;

import io.aviladb.cli.http.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records that were not imported, one JSON line each: line, code, message, document. Made with the first of them. */
final class RejectFile implements AutoCloseable {
    private final Path path;
    private @Nullable RandomAccessFile file;
    private long length;

    /** @param keepBytes what a resumed import's finished batches wrote; what lies behind it is written again */
    RejectFile(Path path, long keepBytes) throws IOException {
        this.path = path;
        this.length = keepBytes;
        if (keepBytes > 0 || path.toFile().exists()) {
            file = new RandomAccessFile(path.toFile(), "rw");
            file.setLength(keepBytes);
            file.seek(keepBytes);
        }
    }

    /** @return the file's length with them */
    long append(List<BatchOutcome.Reject> rejects) throws IOException {
        if (rejects.isEmpty()) {
            return length;
        }
        RandomAccessFile open = file != null ? file : new RandomAccessFile(path.toFile(), "rw");
        file = open;
        StringBuilder lines = new StringBuilder();
        for (BatchOutcome.Reject reject : rejects) {
            lines.append(Json.object("line", reject.line(), "code", reject.code(), "message", reject.message(), "document",
                    reject.document()).toJson()).append('\n');
        }
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        open.write(bytes);
        length += bytes.length;
        return length;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
