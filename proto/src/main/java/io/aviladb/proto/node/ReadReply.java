package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import java.util.List;
import java.util.Optional;

/**
 * @param json the document's canonical JSON; empty where absence was proven at the asked consistency
 * @param vector the document's state, empty where the key never had one; the highest entry is its version
 * @param seen joins the session's token: the vector, what deletes were passed, what was forgotten
 * @param siblings versions that stand side by side until somebody resolves them, of which the document is one; none where there is nothing to
 *        resolve
 */
public record ReadReply(Optional<byte[]> json, VersionVector vector, VersionVector seen, List<Version> siblings) {
    public ReadReply {
        siblings = List.copyOf(siblings);
    }

    /** Of a document with nothing to resolve. */
    public ReadReply(Optional<byte[]> json, VersionVector vector, VersionVector seen) {
        this(json, vector, seen, List.of());
    }

    void write(ByteWriter out) {
        out.writeBoolean(json.isPresent());
        json.ifPresent(out::writeBytes);
        vector.write(out);
        seen.write(out);
        if (!siblings.isEmpty()) { // told only where a policy asks for it that older routers don't know
            Wire.writeList(out, siblings, Version::write);
        }
    }

    static ReadReply read(ByteReader in) {
        return new ReadReply(in.readBoolean() ? Optional.of(in.readBytes()) : Optional.empty(), VersionVector.read(in),
                VersionVector.read(in), in.remaining() > 0 ? Wire.readList(in, Version::read) : List.of());
    }
}
