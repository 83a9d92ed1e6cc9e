/**
 * Values that merge by themselves, whatever the order in which they meet.
 *
 * <p>Start here: {@link io.aviladb.crdt.type.Counter}, {@link io.aviladb.crdt.type.RunningSums}.
 *
 * <p>Invariant: a region alone raises its own running sum, so of two of them the later one has all of the earlier.
 *
 * <p>Never depends on: I/O, clocks, threads, randomness.
 *
 * <p>Papers: Shapiro et al., <em>A comprehensive study of Convergent and Commutative Replicated Data Types</em>, 2011, section 3.1.
 */
@NullMarked
package io.aviladb.crdt.type;

import org.jspecify.annotations.NullMarked;
