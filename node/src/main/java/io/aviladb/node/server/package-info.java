/**
 * A node as a whole: what the cluster looks like, how it came to be, and the wiring.
 *
 * <p><b>Start here:</b> {@link io.aviladb.node.server.ClusterLayout}, {@link io.aviladb.node.server.Formation}.
 *
 * <p><b>Words and invariants:</b> the <i>layout</i> is made once, by one seed, and is the same bytes on every node. It is on the seed's disk
 * before anyone is told.
 */
@NullMarked
package io.aviladb.node.server;

import org.jspecify.annotations.NullMarked;
