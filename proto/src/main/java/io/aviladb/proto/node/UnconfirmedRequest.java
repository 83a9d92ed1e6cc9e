package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;
import java.util.List;

/**
 * Asks a group's leader which of its region's own writes other regions may lack. Without parts it tells only what its ranges have covered, and what
 * other regions have acknowledged.
 */
public record UnconfirmedRequest(int group, List<Part> parts) {
    /** Writes of the keys above the stamp are meant. */
    public record Part(KeyRange keys, HybridTimestamp after) {
        void write(ByteWriter out) {
            keys.write(out);
            out.writeLong(after.bits());
        }

        static Part read(ByteReader in) {
            return new Part(KeyRange.read(in), new HybridTimestamp(in.readLong()));
        }
    }

    public UnconfirmedRequest {
        parts = List.copyOf(parts);
    }

    void write(ByteWriter out) {
        out.writeVarInt(group);
        Wire.writeList(out, parts, Part::write);
    }

    static UnconfirmedRequest read(ByteReader in) {
        return new UnconfirmedRequest(in.readVarInt(), Wire.readList(in, Part::read));
    }
}
