package io.aviladb.query.merge;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the next page begins: after a row, however keys have moved among ranges since.
 *
 * @param remaining rows that LIMIT still allows
 */
public record ResumePoint(RowKey after, long remaining) {
    public byte[] toBytes() {
        ByteWriter out = new ByteWriter();
        out.writeVarInt(after.keys().size());
        for (JsonValue key : after.keys()) {
            out.writeBytes(key == null ? new byte[0] : key.toJsonBytes());
        }
        return out.writeBytes(after.document()).writeVarInt(after.place()).writeVarLong(remaining).toByteArray();
    }

    /** @throws MalformedBytesException where the bytes are none of {@link #toBytes()} */
    public static ResumePoint ofBytes(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        List<@Nullable JsonValue> keys = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            byte[] key = in.readBytes();
            keys.add(key.length == 0 ? null : JsonParser.parse(key));
        }
        return new ResumePoint(new RowKey(keys, in.readBytes(), in.readVarInt()), in.readVarLong());
    }
}
