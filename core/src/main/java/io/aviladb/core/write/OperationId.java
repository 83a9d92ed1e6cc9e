package io.aviladb.core.write;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;

/**
 * What makes a retry the same operation: client, sequence, and the region of the first attempt, chosen before it. {@code firstSent} is the
 * router's clock at the first attempt that it saw; a row is kept 24 h of HLC after it.
 *
 * @param client 16 bytes: a client's own random id, or a digest of caller, collection and Idempotency-Key
 * @param digest 16 bytes: what was asked, so that the same id with another body is refused
 */
public record OperationId(byte[] client, long sequence, RegionIncarnation region, byte[] digest, HybridTimestamp firstSent) {
    public OperationId {
        if (client.length != 16 || digest.length != 16) {
            throw new IllegalArgumentException("client and digest have 16 bytes");
        }
    }

    public void write(ByteWriter out) {
        out.writeRaw(client).writeVarLong(sequence).writeVarInt(region.number()).writeRaw(digest).writeLong(firstSent.bits());
    }

    public static OperationId read(ByteReader in) {
        byte[] client = in.readRaw(16);
        long sequence = in.readVarLong();
        RegionIncarnation region = new RegionIncarnation(in.readVarInt());
        byte[] digest = in.readRaw(16);
        return new OperationId(client, sequence, region, digest, new HybridTimestamp(in.readLong()));
    }

    /** What a row is found by, after its document's key: client, sequence, region. */
    public byte[] rowKey() {
        return new ByteWriter(28).writeRaw(client).writeLong(sequence).writeInt(region.number()).toByteArray();
    }
}
