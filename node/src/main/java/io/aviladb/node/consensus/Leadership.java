package io.aviladb.node.consensus;

import io.aviladb.core.region.NodeId;
import java.util.Optional;

/**
 * What this replica knows of its group's leader.
 *
 * @param ready whether this replica leads and has applied all of earlier terms: it may serve
 * @param leader who leads in the term, as far as is known here
 */
public record Leadership(long term, boolean ready, Optional<NodeId> leader) {}
