package io.aviladb.cli.load;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lines of CSV below a header. An empty cell is a missing member. A cell that is written like a JSON number, {@code true} or {@code false} is
 * one, unless its column is declared a string: {@code 007} is a string, because JSON doesn't write numbers so.
 */
public final class CsvSource implements RecordSource {
    private final InputStream in;
    private final LongSupplier offset;
    private final Set<String> stringColumns;
    private final Iterator<CsvRecord> lines;
    private @Nullable List<String> header;
    private boolean ended;

    /** @param offset how many bytes of the stream have been read */
    public CsvSource(InputStream in, LongSupplier offset, char separator, Set<String> stringColumns) {
        this.in = in;
        this.offset = offset;
        this.stringColumns = Set.copyOf(stringColumns);
        this.lines = CsvReader.builder().fieldSeparator(separator).allowExtraFields(true).allowMissingFields(true).ofCsvRecord(
                new java.io.InputStreamReader(in, StandardCharsets.UTF_8)).iterator();
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        try {
            if (header == null && lines.hasNext()) {
                header = lines.next().getFields();
            }
            List<String> names = header;
            if (ended || names == null || !lines.hasNext()) {
                return null;
            }
            return record(names, lines.next());
        } catch (CsvParseException e) {
            ended = true;
            String message = e.getCause() == null ? String.valueOf(e.getMessage()) : e.getMessage() + ": " + e.getCause().getMessage();
            return Records.malformed(0, offset.getAsLong(), ErrorCode.MALFORMED_REQUEST, "the CSV can't be read further: " + message, "");
        }
    }

    private SourceRecord record(List<String> names, CsvRecord line) {
        long number = line.getStartingLineNumber();
        String text = String.join(",", line.getFields());
        if (line.getFieldCount() > names.size()) {
            return Records.malformed(number, offset.getAsLong(), ErrorCode.MALFORMED_REQUEST,
                    "the line has " + line.getFieldCount() + " cells, and the header " + names.size(), text);
        }
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = 0; i < line.getFieldCount(); i++) {
            String cell = line.getField(i);
            if (!cell.isEmpty() && members.put(names.get(i), value(names.get(i), cell)) != null) {
                return Records.malformed(number, offset.getAsLong(), ErrorCode.DUPLICATE_MEMBER,
                        "the header names '" + names.get(i) + "' twice", text);
            }
        }
        try {
            Document document = Document.of(new JsonObject(members));
            return new SourceRecord.Parsed(number, offset.getAsLong(), document.root(), document.sizeBytes());
        } catch (AvilaError e) {
            return Records.malformed(number, offset.getAsLong(), e.code(), e.detail(), text);
        }
    }

    private JsonValue value(String column, String cell) {
        if (stringColumns.contains(column)) {
            return new JsonString(cell);
        }
        char first = cell.charAt(0);
        if (first == '-' || first >= '0' && first <= '9') {
            try {
                return new JsonNumber(cell);
            } catch (IllegalArgumentException notANumber) {
                return new JsonString(cell);
            }
        }
        return cell.equals("true") || cell.equals("false") ? JsonBoolean.of(cell.equals("true")) : new JsonString(cell);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
