package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.version.VersionVector;
import java.util.Optional;

/**
 * @param json the document's canonical JSON; empty where absence was proven at the asked consistency
 * @param vector the document's state, empty where the key never had one; the highest entry is its version
 * @param seen joins the session's token: the vector, what deletes were passed, what was forgotten
 */
public record ReadReply(Optional<byte[]> json, VersionVector vector, VersionVector seen) {
    void write(ByteWriter out) {
        out.writeBoolean(json.isPresent());
        json.ifPresent(out::writeBytes);
        vector.write(out);
        seen.write(out);
    }

    static ReadReply read(ByteReader in) {
        return new ReadReply(in.readBoolean() ? Optional.of(in.readBytes()) : Optional.empty(), VersionVector.read(in),
                VersionVector.read(in));
    }
}
