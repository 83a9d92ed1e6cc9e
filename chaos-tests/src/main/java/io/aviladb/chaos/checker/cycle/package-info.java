/**
 * Judges transactions by the cycles of their dependencies.
 *
 * <p>
 * <b>Start here:</b> {@link io.aviladb.chaos.checker.cycle.Cycles}. Words: a transaction <i>depends</i> on another by <i>ww</i> (it wrote the next
 * version), <i>wr</i> (it read what the other wrote) or <i>rw</i> (it wrote the version after the one that the other read); <i>session</i> and
 * <i>real time</i> order them too where a level promises that. Invariant: an edge is drawn only where the history proves it, so that a cycle is a
 * proof. Never depends on a cluster. Papers: Adya, "Weak consistency" (1999), section 3; Kingsbury and Alvaro, "Elle" (VLDB 2020), section 4;
 * Cerone and Gotsman, "Analysing snapshot isolation" (JACM 2018), theorem 10.
 */
@NullMarked
package io.aviladb.chaos.checker.cycle;

import org.jspecify.annotations.NullMarked;
