package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import java.util.List;

/**
 * Asks a range to run its part of a query over its own documents, all in one state of the group: the payload of a stream of kind
 * {@link StreamRequest.Kind#QUERY}. {@link FragmentFrame}s come back.
 *
 * @param interval keys of the range that are meant
 * @param held documents that the run leaves out and that come as they are, in {@link FragmentFrame.Held}: who asks may know newer states of them
 * @param fragment what to run, in the query language's own bytes, versioned
 * @param terms what the state must have; their time is for getting there
 * @param timeoutMillis how long the whole may take, from when the node gets it
 */
public record FragmentRequest(RangeRef range, KeyRange interval, List<DocumentKey> held, byte[] fragment, ReadTerms terms,
        long timeoutMillis) {
    public FragmentRequest {
        held = List.copyOf(held);
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        range.write(out);
        interval.write(out);
        Wire.writeList(out, held, (key, to) -> to.writeBytes(key.bytes()));
        out.writeBytes(fragment);
        terms.write(out);
        return out.writeVarLong(timeoutMillis).toByteArray();
    }

    public static FragmentRequest decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        FragmentRequest request = new FragmentRequest(RangeRef.read(in), KeyRange.read(in),
                Wire.readList(in, from -> new DocumentKey(from.readBytes())), in.readBytes(), ReadTerms.read(in), in.readVarLong());
        in.expectEnd();
        return request;
    }
}
