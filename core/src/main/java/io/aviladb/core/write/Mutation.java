package io.aviladb.core.write;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;

/** What a write does to a document. Bodies are canonical JSON, checked at the edge. */
public sealed interface Mutation {
    /** The body takes the document's place. Under {@link Precondition.Matches} or {@link Precondition.Seen} it is the difference from the matched state. */
    record Put(byte[] json) implements Mutation {}

    /** The operations, one after the other, all or none. */
    record Patch(List<PatchOperation> operations) implements Mutation {
        public Patch {
            operations = List.copyOf(operations);
        }
    }

    /** RFC 7396: members of the object are merged in, null removes. */
    record MergePatch(byte[] json) implements Mutation {}

    /** The document goes. */
    record Delete() implements Mutation {}

    default void write(ByteWriter out) {
        if (this instanceof Put put) {
            out.writeByte(0).writeBytes(put.json());
        } else if (this instanceof Patch patch) {
            out.writeByte(1).writeVarInt(patch.operations().size());
            patch.operations().forEach(operation -> operation.write(out));
        } else if (this instanceof MergePatch patch) {
            out.writeByte(2).writeBytes(patch.json());
        } else {
            out.writeByte(3);
        }
    }

    static Mutation read(ByteReader in) {
        int kind = in.readByte();
        switch (kind) {
            case 0 :
                return new Put(in.readBytes());
            case 1 :
                List<PatchOperation> operations = new ArrayList<>();
                for (int count = in.readCount(); count > 0; count--) {
                    operations.add(PatchOperation.read(in));
                }
                return new Patch(operations);
            case 2 :
                return new MergePatch(in.readBytes());
            case 3 :
                return new Delete();
            default :
                throw new MalformedBytesException("unknown mutation " + kind);
        }
    }
}
