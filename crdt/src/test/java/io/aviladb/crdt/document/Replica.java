package io.aviladb.crdt.document;

import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.PatchOperation.Kind;
import java.nio.charset.StandardCharsets;
import io.aviladb.crdt.conflict.Siblings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One region's copy of one document, with stamps given by hand. */
final class Replica {
    static final PolicyHistory POLICY = PolicyHistory.DEFAULT;

    final RegionIncarnation region;
    LiveVersions live = LiveVersions.EMPTY;
    /** What the head, or what was forgotten with it, has absorbed. */
    VersionVector known = VersionVector.EMPTY;

    /** As far as this region knows. */
    PolicyHistory policies;

    Replica(int region) {
        this(region, POLICY);
    }

    Replica(int region, PolicyHistory policies) {
        this.policies = policies;
        this.region = new RegionIncarnation(region);
    }

    LiveVersion write(long stamp, Mutation mutation, boolean onBase) {
        LiveVersion made = LiveVersion.decode(
                Mutator.apply(live, known, mutation, onBase, new Version(new HybridTimestamp(stamp), region), policies).encode());
        pull(made);
        return made;
    }

    LiveVersion put(long stamp, String json) {
        return write(stamp, new Mutation.Put(bytes(json)), false);
    }

    LiveVersion putOnBase(long stamp, String json) {
        return write(stamp, new Mutation.Put(bytes(json)), true);
    }

    LiveVersion delete(long stamp) {
        return write(stamp, new Mutation.Delete(), false);
    }

    LiveVersion set(long stamp, String path, String json) {
        return patch(stamp, op(Kind.SET, path, json));
    }

    LiveVersion unset(long stamp, String path) {
        return patch(stamp, op(Kind.UNSET, path, null));
    }

    LiveVersion inc(long stamp, String path, String amount) {
        return patch(stamp, op(Kind.INC, path, amount));
    }

    LiveVersion patch(long stamp, PatchOperation... operations) {
        return write(stamp, new Mutation.Patch(List.of(operations)), false);
    }

    void pull(LiveVersion version) {
        if (!known.covers(version.version())) {
            live = live.join(version);
            known = known.join(version.vector());
        }
    }

    void pull(Replica other) {
        live = LiveVersions.join(live, known, other.live, other.known);
        known = known.join(other.known);
    }

    /** What stability does when all is absorbed everywhere. */
    void forget() {
        if (!Siblings.are(live, policies)) {
            live = live.collapse(policies);
        }
    }

    String read() {
        return live.read(policies).map(Document::toString).orElse("deleted");
    }

    static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    static PatchOperation op(Kind kind, String path, @Nullable String json) {
        return new PatchOperation(kind, FieldPath.parse(path), null, json == null ? null : JsonParser.parse(bytes(json)));
    }
}
