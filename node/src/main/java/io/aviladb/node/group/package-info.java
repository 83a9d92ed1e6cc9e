/** A data group on this node: its Raft replica, machine, batcher, reader, and the leader's upkeep. */
@NullMarked
package io.aviladb.node.group;

import org.jspecify.annotations.NullMarked;
