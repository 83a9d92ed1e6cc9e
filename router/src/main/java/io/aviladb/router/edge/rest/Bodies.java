package io.aviladb.router.edge.rest;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.router.edge.CollectionBodies;
import io.aviladb.router.edge.DocumentMetadata;
import io.aviladb.router.edge.DocumentOperations;
import io.aviladb.router.edge.IndexBodies;
import io.aviladb.crdt.policy.MergePolicies;
import io.aviladb.crdt.expiry.Ttls;
import io.aviladb.crdt.schema.Schemas;
import io.aviladb.router.scatter.ListPage;
import io.aviladb.router.scatter.RegionPage;
import io.aviladb.router.topology.ClusterMap;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;

/** Answers as JSON. */
final class Bodies {
    private Bodies() {
    }

    static JsonValue text(Object value) {
        return new JsonString(value.toString());
    }

    /** @param pairs names and values in turn; names are strings, values JSON */
    static JsonObject object(Object... pairs) {
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            members.put((String) pairs[i], (JsonValue) pairs[i + 1]);
        }
        return new JsonObject(members);
    }

    static JsonObject database(String name, ClusterMap map) {
        return object("name", text(name), "regions", names(map.regionNames()));
    }

    static JsonArray names(List<RegionId> regions) {
        return array(regions, Bodies::text);
    }

    static <T> JsonArray array(List<T> items, Function<T, JsonValue> toJson) {
        List<JsonValue> elements = new ArrayList<>(items.size());
        items.forEach(item -> elements.add(toJson.apply(item)));
        return new JsonArray(elements);
    }

    static JsonObject collection(CollectionDefinition definition, ClusterMap map) {
        return object("database", text(definition.database()), "name", text(definition.name()), "partitionKey",
                CollectionBodies.toJson(definition.strategy()), "mergePolicy", MergePolicies.toJson(definition.mergePolicy()), "indexes",
                array(definition.indexes().list(), IndexBodies::toJson), "schema", Schemas.toJson(definition.schema()), "ttl",
                Ttls.toJson(definition.ttl()), "mode",
                text("multi-region"), "regions", names(map.regionNames()),
                "catalogVersion", JsonNumber.of(definition.catalogVersion()));
    }

    /** @param wireBytes what the document took on its way here */
    static JsonObject written(DocumentOperations.Written written, double latencyMs, int wireBytes) {
        int size = written.document().sizeBytes();
        double ratio = wireBytes == 0 || size == 0 ? 1 : Math.round(100.0 * size / wireBytes) / 100.0;
        return object("id", text(written.id()), "version", text(written.unit().version()), "sizeBytes", JsonNumber.of(size),
                "compressionRatio", JsonNumber.of(ratio), "latencyMs", JsonNumber.of(latencyMs), "receipt", receipt(written));
    }

    static JsonObject receipt(DocumentOperations.Written written) {
        UnitAnswer.Committed unit = written.unit();
        RegionId region = written.served().region();
        return object("id", text(written.receipt()), "region", text(region), "group", JsonNumber.of(unit.group()), "term",
                JsonNumber.of(unit.term()), "index", JsonNumber.of(unit.index()), "version", text(unit.version()), "regions",
                names(written.regions()));
    }

    /** Documents go out as the bytes that they are. */
    static byte[] page(ListPage page, boolean metadata, ClusterMap map, String continuation) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4_096);
        out.writeBytes("{\"documents\":[".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < page.rows().size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            var row = page.rows().get(i);
            out.writeBytes(metadata ? DocumentMetadata.append(row.json(), row.vector(), map) : row.json());
        }
        out.writeBytes("],".getBytes(StandardCharsets.UTF_8));
        JsonObject rest = object("continuationToken", continuation.isEmpty() ? JsonNull.NULL : text(continuation), "coverage",
                coverage(page.regions()));
        byte[] tail = rest.toJsonBytes();
        out.write(tail, 1, tail.length - 1);
        return out.toByteArray();
    }

    static JsonObject coverage(List<RegionPage> pages) {
        List<JsonValue> regions = new ArrayList<>();
        List<JsonValue> missing = new ArrayList<>();
        for (RegionPage part : pages) {
            regions.add(object("region", text(part.region()), "answered", JsonBoolean.of(part.answered()), "closed",
                    part.answered() ? text("%016x".formatted(part.closed().bits())) : JsonNull.NULL));
            part.missing().forEach(interval -> missing.add(object("region", text(part.region()), "start",
                    text(HexFormat.of().formatHex(interval.start())), "end", text(HexFormat.of().formatHex(interval.end())))));
        }
        return object("complete", JsonBoolean.of(missing.isEmpty()), "regions", new JsonArray(regions), "missing", new JsonArray(missing));
    }
}
