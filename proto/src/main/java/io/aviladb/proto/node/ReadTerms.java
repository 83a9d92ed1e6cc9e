package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.version.VersionVector;

/**
 * What a read demands.
 *
 * @param token what the session has seen; looked at under SESSION only
 * @param timeoutMillis how long the node may wait until the demand is met, before it refuses
 */
public record ReadTerms(ReadConsistency consistency, VersionVector token, long timeoutMillis) {
    void write(ByteWriter out) {
        out.writeByte(consistency.ordinal());
        token.write(out);
        out.writeVarLong(timeoutMillis);
    }

    static ReadTerms read(ByteReader in) {
        int ordinal = in.readByte();
        if (ordinal >= ReadConsistency.values().length) {
            throw new MalformedBytesException("unknown consistency " + ordinal);
        }
        return new ReadTerms(ReadConsistency.values()[ordinal], VersionVector.read(in), in.readVarLong());
    }
}
