package io.aviladb.cli.output;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.aviladb.cli.http.Json;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Writes rows as they come. Only a table holds some back, to know how wide its columns are. */
public final class RowPrinter implements AutoCloseable {
    private static final int TABLE_CHUNK_ROWS = 500;
    private static final int MAX_CELL_WIDTH = 60;

    private final PrintWriter out;
    private final Format format;
    private final List<String> columns;
    private final List<JsonObject> held = new ArrayList<>();
    private boolean headed;
    private boolean first = true;

    /** @param columns in this order; empty: what the first rows have */
    public RowPrinter(PrintWriter out, Format format, List<String> columns) {
        this.out = out;
        this.format = format;
        this.columns = new ArrayList<>(columns);
        if (format == Format.json) {
            out.print('[');
        }
    }

    public void row(JsonObject row) {
        switch (format) {
            case table, csv -> {
                held.add(row);
                if (held.size() == TABLE_CHUNK_ROWS) {
                    flushHeld();
                }
            }
            case json -> out.print((first ? "\n  " : ",\n  ") + row.toJson());
            case ndjson -> out.println(row.toJson());
            case yaml -> out.print(yaml(row));
        }
        first = false;
    }

    @Override
    public void close() {
        switch (format) {
            case table, csv -> flushHeld();
            case json -> out.println(first ? "]" : "\n]");
            case ndjson -> {
            }
            case yaml -> out.print(first ? "[]\n" : "");
        }
        out.flush();
    }

    private void flushHeld() {
        if (columns.isEmpty()) {
            Set<String> names = new LinkedHashSet<>();
            held.forEach(row -> names.addAll(row.members().keySet()));
            columns.addAll(names);
        }
        if (format == Format.csv) {
            csv();
        } else {
            table();
        }
        held.clear();
    }

    private void csv() {
        StringWriter text = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().build(text)) {
            if (!headed) {
                writer.writeRecord(columns);
                headed = true;
            }
            for (JsonObject row : held) {
                writer.writeRecord(cells(row));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not of a string
        }
        out.print(text);
    }

    private List<String> cells(JsonObject row) {
        return columns.stream().map(name -> Json.cell(row.getOrNull(name))).toList();
    }

    private void table() {
        if (columns.isEmpty()) {
            return;
        }
        int[] widths = new int[columns.size()];
        boolean[] numeric = new boolean[widths.length];
        for (int i = 0; i < widths.length; i++) {
            String name = columns.get(i);
            widths[i] = name.length();
            numeric[i] = !held.isEmpty() && held.stream().allMatch(row -> row.getOrNull(name) instanceof JsonNumber);
            for (JsonObject row : held) {
                widths[i] = Math.max(widths[i], shortened(Json.cell(row.getOrNull(name))).length());
            }
        }
        if (!headed) {
            line(columns, widths, numeric);
            headed = true;
        }
        held.forEach(row -> line(cells(row), widths, numeric));
    }

    private void line(List<String> cells, int[] widths, boolean[] numeric) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = shortened(cells.get(i));
            String padding = " ".repeat(Math.max(0, widths[i] - cell.length()));
            line.append(i == 0 ? "" : "  ").append(numeric[i] ? padding + cell : cell + padding);
        }
        out.println(line.toString().stripTrailing());
    }

    private static String shortened(String cell) {
        String oneLine = cell.replace('\n', ' ').replace('\r', ' ').replace('\t', ' ');
        return oneLine.length() <= MAX_CELL_WIDTH ? oneLine : oneLine.substring(0, MAX_CELL_WIDTH - 1) + "…";
    }

    private static String yaml(JsonObject row) {
        StringWriter text = new StringWriter();
        try (JsonGenerator yaml = YAMLMapper.shared().createGenerator(text)) {
            yaml.writeStartArray();
            write(yaml, row);
            yaml.writeEndArray();
        }
        String document = text.toString();
        return document.startsWith("---\n") ? document.substring(4) : document.replaceFirst("^--- ?", "");
    }

    private static void write(JsonGenerator yaml, JsonValue value) {
        switch (value) {
            case JsonNull none -> yaml.writeNull();
            case JsonBoolean flag -> yaml.writeBoolean(flag.value());
            case JsonNumber number -> yaml.writeNumber(number.literal());
            case JsonString string -> yaml.writeString(string.value());
            case JsonArray array -> {
                yaml.writeStartArray();
                array.elements().forEach(element -> write(yaml, element));
                yaml.writeEndArray();
            }
            case JsonObject object -> {
                yaml.writeStartObject();
                for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
                    yaml.writeName(member.getKey());
                    write(yaml, member.getValue());
                }
                yaml.writeEndObject();
            }
        }
    }
}
