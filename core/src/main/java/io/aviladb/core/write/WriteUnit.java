package io.aviladb.core.write;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.version.VersionVector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens as a whole or not at all, under one stamp: one document's write, or an atomic batch. Its bytes are the log's.
 *
 * @param ranges the ranges of the writes, one for each, in their order
 * @param operation absent where the caller doesn't ask for exactly-once
 * @param token what the session has seen: the stamp lies above it
 */
public record WriteUnit(List<RangeRef> ranges, List<DocumentWrite> writes, @Nullable OperationId operation, VersionVector token) {
    public WriteUnit {
        ranges = List.copyOf(ranges);
        writes = List.copyOf(writes);
        if (writes.isEmpty() || ranges.size() != writes.size()) {
            throw new IllegalArgumentException("a unit has at least one write, and a range for each");
        }
    }

    public void write(ByteWriter out) {
        out.writeVarInt(writes.size());
        for (int i = 0; i < writes.size(); i++) {
            ranges.get(i).write(out);
            writes.get(i).write(out);
        }
        out.writeBoolean(operation != null);
        if (operation != null) {
            operation.write(out);
        }
        token.write(out);
    }

    public static WriteUnit read(ByteReader in) {
        List<RangeRef> ranges = new ArrayList<>();
        List<DocumentWrite> writes = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            ranges.add(RangeRef.read(in));
            writes.add(DocumentWrite.read(in));
        }
        return new WriteUnit(ranges, writes, in.readBoolean() ? OperationId.read(in) : null, VersionVector.read(in));
    }

    public byte[] toByteArray() {
        ByteWriter out = new ByteWriter(sizeEstimate());
        write(out);
        return out.toByteArray();
    }

    /** About how many bytes the unit takes, for sizing buffers and bounding entries. */
    public int sizeEstimate() {
        int bytes = 96;
        for (DocumentWrite write : writes) {
            bytes += write.key().bytes().length + 64 + bodySize(write.mutation());
        }
        return bytes;
    }

    private static int bodySize(Mutation mutation) {
        if (mutation instanceof Mutation.Put put) {
            return put.json().length;
        }
        if (mutation instanceof Mutation.MergePatch patch) {
            return patch.json().length;
        }
        return mutation instanceof Mutation.Patch patch ? 64 * patch.operations().size() : 0;
    }
}
