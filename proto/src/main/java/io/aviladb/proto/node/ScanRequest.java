package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import java.util.Optional;

/**
 * Documents in key order.
 *
 * @param after the key after which to begin
 * @param maxDocuments at most so many, and
 * @param maxBytes at most so many bytes of JSON, but at least one document
 * @param countOnly rows without bodies are enough: keys and vectors come, JSON is empty
 * @param deletes deleted documents come too, as rows that say so: who merges regions must know what this one has deleted
 */
public record ScanRequest(int group, RangeRef range, KeyRange interval, Optional<DocumentKey> after, int maxDocuments, int maxBytes,
        boolean countOnly, boolean deletes, ReadTerms terms) {
    void write(ByteWriter out) {
        out.writeVarInt(group);
        range.write(out);
        interval.write(out);
        out.writeBoolean(after.isPresent());
        after.ifPresent(key -> out.writeBytes(key.bytes()));
        out.writeVarInt(maxDocuments).writeVarInt(maxBytes).writeBoolean(countOnly).writeBoolean(deletes);
        terms.write(out);
    }

    static ScanRequest read(ByteReader in) {
        return new ScanRequest(in.readVarInt(), RangeRef.read(in), KeyRange.read(in),
                in.readBoolean() ? Optional.of(new DocumentKey(in.readBytes())) : Optional.empty(), in.readVarInt(), in.readVarInt(),
                in.readBoolean(), in.readBoolean(), ReadTerms.read(in));
    }
}
