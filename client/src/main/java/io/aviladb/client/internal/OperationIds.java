package io.aviladb.client.internal;

import com.google.protobuf.ByteString;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.random.RandomSource;
import io.aviladb.proto.v1.OperationId;
import java.util.concurrent.atomic.AtomicLong;

/** Numbers a client's writes. Thread-safe. */
public final class OperationIds {
    private final ByteString client;
    private final AtomicLong last = new AtomicLong();

    /** @param random from which the client's 16 bytes are drawn: no two clients may share them */
    public OperationIds(RandomSource random) {
        client = ByteString.copyFrom(new ByteWriter(16).writeLong(random.nextLong()).writeLong(random.nextLong()).toByteArray());
    }

    /** A new operation's; the region is added when its first attempt is sent. */
    OperationId.Builder next() {
        return OperationId.newBuilder().setClient(client).setSequence(last.incrementAndGet());
    }
}
