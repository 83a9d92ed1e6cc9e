/** Reads at this replica: linearizable, session, nearest. */
@NullMarked
package io.aviladb.node.read;

import org.jspecify.annotations.NullMarked;
