package io.aviladb.replication.link;

import io.aviladb.replication.feed.FollowRequest;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.spi.LocalProposer;
import java.util.Optional;

/** What happens to a link. A stream's number tells its frames from those of the stream before. */
sealed interface LinkEvent {
    /** The pieces and their cursors, read anew; empty where there is nothing to follow. */
    record Cursors(Optional<FollowRequest> request) implements LinkEvent {}

    record Frame(long stream, LinkBatch batch, int bytes) implements LinkEvent {}

    /** The stream is over: broken, refused, or ended by the source. */
    record StreamOver(long stream, String reason) implements LinkEvent {}

    record Applied(long stream, LinkBatch batch, LocalProposer.Outcome outcome) implements LinkEvent {}

    /** The batch's fate is unknown, or this node doesn't lead. */
    record NotApplied(long stream, String reason) implements LinkEvent {}

    record RetryDue() implements LinkEvent {}

    /** Ranges changed on one of the sides: follow the new pieces. */
    record PiecesChanged() implements LinkEvent {}

    record Stopped() implements LinkEvent {}
}
