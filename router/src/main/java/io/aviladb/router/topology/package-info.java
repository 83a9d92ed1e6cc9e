/**
 * What this router knows of the cluster: the catalog, each region's ranges and leaders, and how far every node is.
 *
 * <p><b>Start here:</b> {@link io.aviladb.router.topology.TopologyTracker} keeps it, {@link io.aviladb.router.topology.ClusterMap} is it.
 *
 * <p>Invariants: a map is immutable and replaced as a whole; a region's range map never goes back in version; the catalog shown is the newest
 * that any region has told of. A map may be old: nodes check epochs, so that acting on an old map costs a retry and never an answer.
 */
@NullMarked
package io.aviladb.router.topology;

import org.jspecify.annotations.NullMarked;
