package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import java.util.List;

/**
 * The answer to a {@link MemberRequest}.
 *
 * @param operations the one asked for, or all
 * @param done whether nothing is left to do of what was asked
 */
public record MemberReply(List<MemberOperation> operations, boolean done) {
    public static final MemberReply DONE = new MemberReply(List.of(), true);
    public static final MemberReply GOES_ON = new MemberReply(List.of(), false);

    public MemberReply {
        operations = List.copyOf(operations);
    }

    void write(ByteWriter out) {
        Wire.writeList(out, operations, MemberOperation::write);
        out.writeBoolean(done);
    }

    static MemberReply read(ByteReader in) {
        return new MemberReply(Wire.readList(in, MemberOperation::read), in.readBoolean());
    }
}
