package io.aviladb.chaos.simulation;

import io.aviladb.chaos.history.Edn;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.Precondition;
import io.aviladb.router.edge.DocumentMetadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Documents as clients of the simulation write them: one number each. */
final class Documents {
    /** Where ranges are cut: between the documents of workloads, and at some of them. */
    static final List<String> BOUNDS = List.of("c", "n", "r1", "r3", "s1", "s4");

    private Documents() {
    }

    static DocumentKey key(String id) {
        return DocumentKey.of(Cluster.COLLECTION.id(), Cluster.COLLECTION.strategy(), List.of(JsonParser.parse(utf8('"' + id + '"'))), id);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static DocumentWrite put(String id, Precondition precondition, long value) {
        return new DocumentWrite(key(id), precondition, new Mutation.Put(utf8("{\"v\":" + value + "}")));
    }

    static DocumentWrite add(String id, long value) {
        return new DocumentWrite(key(id), Precondition.PRESENT, new Mutation.Patch(List.of(
                new PatchOperation(PatchOperation.Kind.INC, FieldPath.of("v"), null, JsonParser.parse(utf8(Long.toString(value)))))));
    }

    static Edn value(byte[] json) {
        JsonObject document = (JsonObject) JsonParser.parse(json);
        return Edn.of(((JsonNumber) document.get("v").orElseThrow()).toLong().orElseThrow());
    }

    /** Of the version that a reader is shown. */
    static Edn stamp(VersionVector vector) {
        return stamp(DocumentMetadata.newest(vector).orElseThrow());
    }

    static Edn stamp(Version version) {
        return Edn.of(version.stamp().bits());
    }

    static OperationId operation(long client, long sequence, RegionIncarnation first, String asked, long millis) {
        byte[] digest = ByteBuffer.allocate(16).putLong(asked.hashCode()).array();
        return new OperationId(ByteBuffer.allocate(16).putLong(client).array(), sequence, first, digest, HybridTimestamp.ofMillis(millis));
    }
}
