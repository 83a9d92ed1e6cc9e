package io.aviladb.replication.link;

import io.aviladb.proto.node.NodeStream;
import io.aviladb.replication.feed.FollowRequest;
import io.aviladb.replication.spi.LocalProposer;
import java.util.Optional;

/** What a link needs of its node. */
public interface LinkEnvironment {
    /** The pieces that the target group and the source group share now, with their cursors as applied here. */
    Optional<FollowRequest> cursors();

    /** Opens a stream to the source group's leader, or to whichever replica answers. */
    NodeStream open(FollowRequest request, NodeStream.Receiver receiver);

    LocalProposer proposer();
}
