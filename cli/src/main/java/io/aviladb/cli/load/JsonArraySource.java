package io.aviladb.cli.load;

import io.aviladb.core.document.Limits;
import io.aviladb.core.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one JSON array, of any length. Finds only where an element begins and ends; what stands between is parsed like any other
 * document. So a bad element is a bad record and the next one is read, as long as quotes and brackets are balanced.
 */
public final class JsonArraySource implements RecordSource {
    private static final int MAX_ELEMENT_BYTES = Limits.MAX_BATCH_BYTES;

    private final InputStream in;
    private long element;
    private long offset;
    private boolean ended;
    private boolean begun;

    public JsonArraySource(InputStream in) {
        this.in = in;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        if (ended) {
            return null;
        }
        if (!begun) {
            begun = true;
            int first = afterBlanks();
            if (first != '[') {
                ended = true;
                return Records.malformed(1, offset, ErrorCode.MALFORMED_JSON, "the source does not begin with '['", "");
            }
        }
        return element();
    }

    private @Nullable SourceRecord element() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream(512);
        int depth = 0;
        boolean quoted = false;
        boolean escaped = false;
        while (true) {
            int b = read();
            if (b < 0) {
                ended = true;
                return Records.malformed(element + 1, offset, ErrorCode.MALFORMED_JSON, "the array ends without ']'", text.toString(
                        java.nio.charset.StandardCharsets.UTF_8));
            }
            if (!quoted && depth == 0 && (b == ',' || b == ']')) {
                ended = b == ']';
                return ended && text.toString(java.nio.charset.StandardCharsets.UTF_8).isBlank() ? end() : parsed(text);
            }
            if (text.size() <= MAX_ELEMENT_BYTES) {
                text.write(b);
            }
            if (quoted) {
                quoted = escaped || b != '"';
                escaped = !escaped && b == '\\';
            } else if (b == '"') {
                quoted = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            }
        }
    }

    /** Nothing but white space may follow the array. */
    private @Nullable SourceRecord end() throws IOException {
        return afterBlanks() < 0
                ? null
                : Records.malformed(element + 1, offset, ErrorCode.MALFORMED_JSON, "text follows the array", "");
    }

    private SourceRecord parsed(ByteArrayOutputStream text) {
        element++;
        byte[] bytes = text.toByteArray();
        return bytes.length > MAX_ELEMENT_BYTES
                ? Records.malformed(element, offset, ErrorCode.DOCUMENT_TOO_LARGE, "the element has more than " + MAX_ELEMENT_BYTES
                        + " bytes", "")
                : Records.parse(element, offset, bytes, bytes.length);
    }

    private int afterBlanks() throws IOException {
        int b = read();
        while (b == ' ' || b == '\t' || b == '\r' || b == '\n') {
            b = read();
        }
        return b;
    }

    private int read() throws IOException {
        int b = in.read();
        if (b >= 0) {
            offset++;
        }
        return b;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
