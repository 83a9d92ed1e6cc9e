/** Wires links to groups: ports for replication. */
@NullMarked
package io.aviladb.node.link;

import org.jspecify.annotations.NullMarked;
