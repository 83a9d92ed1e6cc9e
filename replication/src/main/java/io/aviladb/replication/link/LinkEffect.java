package io.aviladb.replication.link;

import io.aviladb.replication.feed.FollowRequest;
import io.aviladb.replication.feed.LinkBatch;
import java.time.Duration;

/** What a link wants done. */
sealed interface LinkEffect {
    /** Answer with {@link LinkEvent.Cursors}. */
    record ReadCursors() implements LinkEffect {}

    record Open(long stream, FollowRequest request) implements LinkEffect {}

    record Credit(long stream, int frames) implements LinkEffect {}

    record Close(long stream) implements LinkEffect {}

    record Propose(long stream, LinkBatch batch) implements LinkEffect {}

    /** Answer with {@link LinkEvent.RetryDue}. */
    record RetryAfter(Duration delay) implements LinkEffect {}
}
