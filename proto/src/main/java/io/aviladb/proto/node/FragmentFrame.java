package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import java.util.List;

/** What comes back from a {@link FragmentRequest}: progress from time to time, then the result in pieces, then the end. */
public sealed interface FragmentFrame {
    /** The node is at it: who waits can tell work from silence. @param documents read so far */
    record Progress(long documents) implements FragmentFrame {}

    /** A piece of the partial result, in the query language's own bytes. */
    record Piece(byte[] bytes) implements FragmentFrame {}

    /** Documents that the run left out, as the range has them; deleted ones say so. */
    record Held(List<ScanReply.Row> rows) implements FragmentFrame {
        public Held {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Nothing follows.
     *
     * @param seen joins the session's token
     * @param closed the group writes nothing more at or below this
     * @param documents that were live and were looked at
     * @param bytes of those that had to be read
     * @param micros that the work took at the node, waiting included
     * @param enough whether the work ended before the interval did, as nothing more could matter
     */
    record End(VersionVector seen, HybridTimestamp closed, long documents, long bytes, long micros,
            boolean enough) implements FragmentFrame {}

    default byte[] encode() {
        ByteWriter out = new ByteWriter();
        if (this instanceof Progress progress) {
            out.writeByte(1).writeVarLong(progress.documents());
        } else if (this instanceof Piece piece) {
            out.writeByte(2).writeRaw(piece.bytes());
        } else if (this instanceof Held held) {
            out.writeByte(4);
            Wire.writeList(out, held.rows(), ScanReply.Row::write);
        } else if (this instanceof End end) {
            out.writeByte(3);
            end.seen().write(out);
            out.writeLong(end.closed().bits()).writeVarLong(end.documents()).writeVarLong(end.bytes()).writeVarLong(end.micros())
                    .writeBoolean(end.enough());
        }
        return out.toByteArray();
    }

    /** @throws MalformedBytesException where the bytes are no frame */
    static FragmentFrame decode(byte[] frame) {
        ByteReader in = new ByteReader(frame);
        int kind = in.readByte();
        switch (kind) {
            case 1 :
                return new Progress(in.readVarLong());
            case 2 :
                return new Piece(in.readRemaining());
            case 3 :
                return new End(VersionVector.read(in), new HybridTimestamp(in.readLong()), in.readVarLong(), in.readVarLong(),
                        in.readVarLong(), in.readBoolean());
            case 4 :
                return new Held(Wire.readList(in, ScanReply.Row::read));
            default :
                throw new MalformedBytesException("no frame of a fragment has kind " + kind);
        }
    }
}
