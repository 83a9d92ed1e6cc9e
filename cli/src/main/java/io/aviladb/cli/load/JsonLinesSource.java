package io.aviladb.cli.load;

import io.aviladb.core.document.Limits;
import io.aviladb.core.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** One JSON object a line; empty lines are passed over. A bad line is a bad record, and the next line is read all the same. */
public final class JsonLinesSource implements RecordSource {
    /** A document may be written with white space: a line has room for more than a document's bytes. */
    private static final int MAX_LINE_BYTES = Limits.MAX_BATCH_BYTES;

    private final InputStream in;
    private long line;
    private long offset;

    public JsonLinesSource(InputStream in) {
        this.in = in;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream(512);
        while (true) {
            text.reset();
            boolean more = readLine(text);
            if (!more && text.size() == 0) {
                return null;
            }
            line++;
            byte[] bytes = text.toByteArray();
            if (bytes.length > MAX_LINE_BYTES) {
                return Records.malformed(line, offset, ErrorCode.DOCUMENT_TOO_LARGE, "the line has more than " + MAX_LINE_BYTES + " bytes",
                        "");
            }
            if (!isBlank(bytes)) {
                return Records.parse(line, offset, bytes, bytes.length);
            }
        }
    }

    private boolean readLine(ByteArrayOutputStream text) throws IOException {
        for (int b = in.read(); b >= 0; b = in.read()) {
            offset++;
            if (b == '\n') {
                return true;
            }
            if (text.size() <= MAX_LINE_BYTES) {
                text.write(b);
            }
        }
        return false;
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
