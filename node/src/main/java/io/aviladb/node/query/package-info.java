/**
 * Runs a range's part of a query where its documents are.
 *
 * <p>Start here: {@link io.aviladb.node.query.FragmentServer} (what is let in), {@link io.aviladb.node.query.FragmentTask} (one fragment).
 *
 * <p>Invariants: a fragment reads one state of its group from its first document to its last. It works in slices, so that a long one keeps no
 * short one waiting; between slices it looks at its deadline and at whether anybody still wants its answer. Its memory is within its own budget
 * and the node's.
 *
 * <p>Never depends on: the log, and who leads; {@link io.aviladb.node.read.GroupReader} sees to the state.
 */
@NullMarked
package io.aviladb.node.query;

import org.jspecify.annotations.NullMarked;
