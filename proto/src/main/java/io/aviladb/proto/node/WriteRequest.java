package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.write.WriteUnit;
import java.util.List;

/** Units for one group, each answered on its own. The node stops waiting after the time-out; what it then answers is INDETERMINATE. */
public record WriteRequest(int group, List<WriteUnit> units, long timeoutMillis) {
    public WriteRequest {
        units = List.copyOf(units);
    }

    void write(ByteWriter out) {
        out.writeVarInt(group).writeVarLong(timeoutMillis);
        Wire.writeList(out, units, WriteUnit::write);
    }

    static WriteRequest read(ByteReader in) {
        int group = in.readVarInt();
        long timeoutMillis = in.readVarLong();
        return new WriteRequest(group, Wire.readList(in, WriteUnit::read), timeoutMillis);
    }
}
