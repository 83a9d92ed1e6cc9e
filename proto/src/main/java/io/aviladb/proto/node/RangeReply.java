package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import java.util.List;

/**
 * The answer to a {@link RangeRequest}.
 *
 * @param operations the one asked for, or all
 * @param bytes the key asked for, or the piece of a copy; empty where there is none
 */
public record RangeReply(List<RangeOperation> operations, byte[] bytes) {
    public RangeReply {
        operations = List.copyOf(operations);
    }

    public static RangeReply of(RangeOperation operation) {
        return new RangeReply(List.of(operation), new byte[0]);
    }

    void write(ByteWriter out) {
        Wire.writeList(out, operations, RangeOperation::write);
        out.writeBytes(bytes);
    }

    static RangeReply read(ByteReader in) {
        return new RangeReply(Wire.readList(in, RangeOperation::read), in.readBytes());
    }
}
