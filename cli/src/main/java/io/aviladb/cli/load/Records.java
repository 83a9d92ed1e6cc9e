package io.aviladb.cli.load;

import io.aviladb.core.document.Document;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.nio.charset.StandardCharsets;

/** Makes records of text. */
final class Records {
    private static final int SHOWN_CHARS = 2_000;

    private Records() {
    }

    static SourceRecord parse(long line, long endOffset, byte[] json, int length) {
        try {
            Document document = Document.parse(length == json.length ? json : java.util.Arrays.copyOf(json, length));
            return new SourceRecord.Parsed(line, endOffset, document.root(), document.sizeBytes());
        } catch (AvilaError e) {
            return malformed(line, endOffset, e.code(), e.detail(), new String(json, 0, length, StandardCharsets.UTF_8));
        }
    }

    static SourceRecord.Malformed malformed(long line, long endOffset, ErrorCode code, String message, String text) {
        return new SourceRecord.Malformed(line, endOffset, code.code(), message, text.substring(0, Math.min(SHOWN_CHARS, text.length())));
    }
}
