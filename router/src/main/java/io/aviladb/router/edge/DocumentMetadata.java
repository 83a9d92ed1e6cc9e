package io.aviladb.router.edge;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.router.session.EntityTag;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.router.topology.ClusterMap;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** The system's members of a document: {@code _version}, {@code _ts}, {@code _etag}, {@code _regions}; {@code _siblings} at need. */
public final class DocumentMetadata {
    private DocumentMetadata() {
    }

    /** As below, and {@code _siblings} where somebody must resolve the document. */
    public static byte[] append(byte[] json, ReadReply reply, ClusterMap map) {
        JsonObject metadata = of(reply.vector(), map);
        return append(json, reply.siblings().isEmpty()
                ? metadata
                : metadata.with("_siblings", new JsonArray(
                        reply.siblings().stream().<JsonValue>map(version -> new JsonString(version.toString())).toList())));
    }

    /** The document's bytes with the system's members at the end. */
    public static byte[] append(byte[] json, VersionVector vector, ClusterMap map) {
        return append(json, of(vector, map));
    }

    private static byte[] append(byte[] json, JsonObject members) {
        byte[] metadata = members.toJsonBytes();
        ByteArrayOutputStream out = new ByteArrayOutputStream(json.length + metadata.length);
        out.write(json, 0, json.length - 1);
        if (json.length > 2) {
            out.write(',');
        }
        out.write(metadata, 1, metadata.length - 1);
        return out.toByteArray();
    }

    private static JsonObject of(VersionVector vector, ClusterMap map) {
        Optional<Version> version = newest(vector);
        List<JsonValue> regions = new ArrayList<>();
        vector.forEach((region, stamp) -> regions.add(new JsonString(map.region(region).map(RegionId::name).orElse("#" + region))));
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        members.put("_version", new JsonString(version.map(Version::toString).orElse("")));
        members.put("_ts", JsonNumber.of(version.map(one -> one.stamp().millis()).orElse(0L)));
        members.put("_etag", new JsonString(EntityTag.of(vector)));
        members.put("_regions", new JsonArray(regions));
        return new JsonObject(members);
    }

    /** The highest version that a state has absorbed. */
    public static Optional<Version> newest(VersionVector vector) {
        List<Version> versions = new ArrayList<>();
        vector.forEach((region, stamp) -> versions.add(new Version(stamp, region)));
        return versions.stream().max(Version::compareTo);
    }
}
