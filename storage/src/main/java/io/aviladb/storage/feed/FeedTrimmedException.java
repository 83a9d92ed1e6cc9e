package io.aviladb.storage.feed;

import io.aviladb.core.time.HybridTimestamp;

/** The consumer asked for changes that the feed has forgotten: it must start over from the heads. */
public final class FeedTrimmedException extends RuntimeException {
    private final HybridTimestamp trimmedThrough;

    public FeedTrimmedException(HybridTimestamp asked, HybridTimestamp trimmedThrough) {
        super("the feed after " + asked + " was asked for; it is trimmed through " + trimmedThrough);
        this.trimmedThrough = trimmedThrough;
    }

    public HybridTimestamp trimmedThrough() {
        return trimmedThrough;
    }
}
