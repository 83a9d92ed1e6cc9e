package io.aviladb.core.write;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import java.util.ArrayList;
import java.util.List;

/** What apply answers a unit. Kept with the effect under the operation's id, so that a retry gets the same, refusals too. */
public sealed interface UnitAnswer {
    /**
     * The unit happened.
     *
     * @param version its stamp, one for all its documents
     * @param group the Raft group, with term and index the entry's place in its log
     * @param documents one for each write, in their order
     */
    record Committed(Version version, int group, long term, long index, List<DocumentAnswer> documents) implements UnitAnswer {
        public Committed {
            documents = List.copyOf(documents);
        }
    }

    /**
     * Nothing happened.
     *
     * @param write which of the unit's writes met the rule, from 0
     * @param seen the vector of the document that was met: joins the session's token
     */
    record Refused(ErrorCode code, String detail, int write, VersionVector seen) implements UnitAnswer {}

    /**
     * @param vector the document's state after the write; the ETag is its digest
     * @param created whether nothing was there before
     * @param sizeBytes of the canonical JSON; 0 for a delete
     */
    record DocumentAnswer(VersionVector vector, boolean created, int sizeBytes) {}

    default void write(ByteWriter out) {
        if (this instanceof Committed committed) {
            out.writeByte(0);
            committed.version().write(out);
            out.writeVarInt(committed.group()).writeVarLong(committed.term()).writeVarLong(committed.index())
                    .writeVarInt(committed.documents().size());
            for (DocumentAnswer document : committed.documents()) {
                document.vector().write(out);
                out.writeBoolean(document.created()).writeVarInt(document.sizeBytes());
            }
        } else if (this instanceof Refused refused) {
            out.writeByte(1).writeVarInt(refused.code().number()).writeString(refused.detail()).writeVarInt(refused.write());
            refused.seen().write(out);
        }
    }

    static UnitAnswer read(ByteReader in) {
        int kind = in.readByte();
        if (kind == 0) {
            Version version = Version.read(in);
            int group = in.readVarInt();
            long term = in.readVarLong();
            long index = in.readVarLong();
            List<DocumentAnswer> documents = new ArrayList<>();
            for (int count = in.readCount(); count > 0; count--) {
                documents.add(new DocumentAnswer(VersionVector.read(in), in.readBoolean(), in.readVarInt()));
            }
            return new Committed(version, group, term, index, documents);
        }
        if (kind == 1) {
            int number = in.readVarInt();
            ErrorCode code = ErrorCode.ofNumber(number).orElseThrow(() -> new MalformedBytesException("unknown error " + number));
            return new Refused(code, in.readString(), in.readVarInt(), VersionVector.read(in));
        }
        throw new MalformedBytesException("unknown answer " + kind);
    }

    default byte[] toByteArray() {
        ByteWriter out = new ByteWriter(64);
        write(out);
        return out.toByteArray();
    }
}
