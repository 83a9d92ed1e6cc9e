package io.aviladb.replication.feed;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.region.RegionIncarnation;
import java.util.ArrayList;
import java.util.List;

/** Opens a link's stream: whose life of the source is expected, and the pieces with their cursors. */
public record FollowRequest(RegionIncarnation source, List<Piece> pieces) {
    /** Far more pieces than a node ever follows: bytes that claim more are damaged. */
    public static final int MAX_PIECES = 1 << 20;

    public FollowRequest {
        pieces = List.copyOf(pieces);
        if (pieces.isEmpty() || pieces.size() > MAX_PIECES) {
            throw new IllegalArgumentException("a stream follows at least one piece");
        }
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        out.writeVarInt(source.number()).writeVarInt(pieces.size());
        pieces.forEach(piece -> piece.write(out));
        return out.toByteArray();
    }

    public static FollowRequest decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        RegionIncarnation source = new RegionIncarnation(in.readVarInt());
        List<Piece> pieces = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            pieces.add(Piece.read(in));
        }
        return new FollowRequest(source, pieces);
    }
}
