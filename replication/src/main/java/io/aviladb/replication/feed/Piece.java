package io.aviladb.replication.feed;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;

/**
 * What a range of the target shares with one range of the source, and how far it has come. A cursor belongs to a piece, so that ranges may
 * split and move on either side without a change being missed or asked for twice.
 *
 * @param targetRange in the target's region
 * @param sourceRange in the source's region
 * @param from the cursor: everything of the source at or below it is applied
 */
public record Piece(long targetRange, long sourceRange, KeyRange interval, HybridTimestamp from) {
    void write(ByteWriter out) {
        out.writeVarLong(targetRange).writeVarLong(sourceRange);
        interval.write(out);
        out.writeLong(from.bits());
    }

    static Piece read(ByteReader in) {
        return new Piece(in.readVarLong(), in.readVarLong(), KeyRange.read(in), new HybridTimestamp(in.readLong()));
    }
}
