package io.aviladb.node.range;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.UnitAnswer;
import java.util.Arrays;

/** The row of an operation: what was asked, as a digest, and what was answered. Durable; travels with every key of its unit. */
record OperationRecord(byte[] digest, HybridTimestamp firstSent, UnitAnswer answer) {
    static OperationRecord of(OperationId operation, UnitAnswer answer) {
        return new OperationRecord(operation.digest(), operation.firstSent(), answer);
    }

    boolean isOf(OperationId operation) {
        return Arrays.equals(digest, operation.digest());
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(96);
        out.writeBytes(digest).writeLong(firstSent.bits());
        answer.write(out);
        return out.toByteArray();
    }

    /** Without the answer, which may be long. */
    static HybridTimestamp firstSentOf(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        in.readBytes();
        return new HybridTimestamp(in.readLong());
    }

    static OperationRecord decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        return new OperationRecord(in.readBytes(), new HybridTimestamp(in.readLong()), UnitAnswer.read(in));
    }
}
