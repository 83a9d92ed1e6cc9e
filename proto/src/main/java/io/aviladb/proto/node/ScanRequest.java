package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.version.VersionVector;
import java.util.Optional;

/**
 * Documents in key order.
 *
 * @param after the key after which to begin
 * @param maxDocuments at most so many, and
 * @param maxBytes at most so many bytes of JSON, but at least one document
 * @param countOnly rows without bodies are enough: keys and vectors come, JSON is empty
 * @param deletes deleted documents come too, as rows that say so: who merges regions must know what this one has deleted
 * @param beyond documents whose state these stamps cover are left out; empty for none
 * @param maxKeys at most so many keys are looked at, left out or not
 */
public record ScanRequest(int group, RangeRef range, KeyRange interval, Optional<DocumentKey> after, int maxDocuments, int maxBytes,
        boolean countOnly, boolean deletes, Optional<VersionVector> beyond, int maxKeys, ReadTerms terms) {
    public ScanRequest(int group, RangeRef range, KeyRange interval, Optional<DocumentKey> after, int maxDocuments, int maxBytes,
            boolean countOnly, boolean deletes, ReadTerms terms) {
        this(group, range, interval, after, maxDocuments, maxBytes, countOnly, deletes, Optional.empty(), Integer.MAX_VALUE, terms);
    }

    /** For what the range has covered, and no document. */
    public static ScanRequest ofCoverage(int group, RangeRef range, KeyRange interval, ReadTerms terms) {
        return new ScanRequest(group, range, interval, Optional.empty(), 0, 1, true, false, terms);
    }

    void write(ByteWriter out) {
        out.writeVarInt(group);
        range.write(out);
        interval.write(out);
        out.writeBoolean(after.isPresent());
        after.ifPresent(key -> out.writeBytes(key.bytes()));
        out.writeVarInt(maxDocuments).writeVarInt(maxBytes).writeBoolean(countOnly).writeBoolean(deletes)
                .writeBoolean(beyond.isPresent());
        beyond.ifPresent(vector -> vector.write(out));
        out.writeVarInt(maxKeys);
        terms.write(out);
    }

    static ScanRequest read(ByteReader in) {
        return new ScanRequest(in.readVarInt(), RangeRef.read(in), KeyRange.read(in),
                in.readBoolean() ? Optional.of(new DocumentKey(in.readBytes())) : Optional.empty(), in.readVarInt(), in.readVarInt(),
                in.readBoolean(), in.readBoolean(), in.readBoolean() ? Optional.of(VersionVector.read(in)) : Optional.empty(),
                in.readVarInt(), ReadTerms.read(in));
    }
}
