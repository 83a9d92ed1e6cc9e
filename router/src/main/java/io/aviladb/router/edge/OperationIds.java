package io.aviladb.router.edge;

import com.github.f4b6a3.uuid.UuidCreator;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.write.OperationId;
import io.aviladb.router.topology.ClusterMap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What makes a retry the same operation, and the ids of documents that come without one. */
public final class OperationIds {
    private OperationIds() {
    }

    /**
     * The operation of an Idempotency-Key: it counts within a collection.
     *
     * @param region of the first attempt
     * @param digest of what is asked
     */
    public static OperationId ofKey(String key, int collection, RegionIncarnation region, byte[] digest, long nowMillis) {
        byte[] client = digest(new ByteWriter().writeInt(collection).writeString(key).toByteArray());
        return new OperationId(client, 0, region, digest, HybridTimestamp.ofMillis(nowMillis));
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_HEADER} where the catalog has no such region */
    public static RegionIncarnation incarnation(ClusterMap map, RegionId region) {
        return map.incarnation(region)
                .orElseThrow(() -> new AvilaError(ErrorCode.INVALID_HEADER, "the cluster has no region '" + region + "'"));
    }

    /** 16 bytes of SHA-256 over the parts. */
    public static byte[] digest(byte[]... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                sha.update(ByteBuffer.allocate(4).putInt(part.length).flip());
                sha.update(part);
            }
            return Arrays.copyOf(sha.digest(), 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The operation of the batch's document at the index: each is its own operation where the batch isn't atomic. */
    static @Nullable OperationId part(@Nullable OperationId operation, int index) {
        return operation == null || index == 0
                ? operation
                : new OperationId(digest(operation.client(), Integer.toString(index).getBytes(StandardCharsets.UTF_8)),
                        operation.sequence(),
                        operation.region(), operation.digest(), operation.firstSent());
    }

    /**
     * A change of one document within an operation that changes many. A refusal is kept like any answer, so each attempt has its own id: who tries all of
     * them in turn finds the one that was applied, if one was.
     */
    public static @Nullable OperationId part(@Nullable OperationId operation, DocumentKey document, int attempt) {
        if (operation == null) {
            return null;
        }
        byte[] client = digest(operation.rowKey(), document.bytes());
        return new OperationId(client, 1L + attempt, operation.region(), operation.digest(), operation.firstSent());
    }

    /** A UUIDv8 of the operation where there is one, so that a retry makes the same; else a UUIDv7. */
    static String documentId(@Nullable OperationId operation, int index) {
        if (operation == null) {
            return UuidCreator.getTimeOrderedEpoch().toString();
        }
        ByteBuffer bits = ByteBuffer.wrap(digest(operation.rowKey(), new byte[]{(byte) index}));
        long high = bits.getLong() & ~0xF000L | 0x8000L;
        long low = bits.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
