package io.aviladb.node.consensus.ratis;

import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;

/**
 * One entry on its way: the message that Ratis carries and, on this replica only, the context and the answer, which are never serialised.
 * The answer is completed where the entry is applied, so Ratis' own reply only tells of failure.
 */
final class Proposal implements Message {
    private final byte[] entry;
    private final @Nullable Object context;
    private final ByteString content;
    private final CompletableFuture<Object> answer = new CompletableFuture<>();
    /** Set before the entry can reach the log. While false, a failure means: certainly not in the log. */
    private volatile boolean appended;

    Proposal(byte[] entry, @Nullable Object context) {
        this.entry = entry;
        this.context = context;
        this.content = UnsafeByteOperations.unsafeWrap(entry);
    }

    @Override
    public ByteString getContent() {
        return content;
    }

    byte[] entry() {
        return entry;
    }

    @Nullable
    Object context() {
        return context;
    }

    CompletableFuture<Object> answer() {
        return answer;
    }

    boolean isAppended() {
        return appended;
    }

    void markAppended() {
        appended = true;
    }
}
