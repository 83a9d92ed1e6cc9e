/**
 * Judges histories: valid, violated with the operations that prove it, or undecided.
 *
 * <p>
 * <b>Start here:</b> {@link io.aviladb.chaos.checker.Linearizability} with a {@link io.aviladb.chaos.checker.Model}. Words: a <i>verdict</i> is
 * never "valid" for a history with nothing acknowledged; <i>undecided</i> counts against the database. Papers: Wing and Gong, "Testing and
 * verifying concurrent objects" (JPDC 1993); Lowe, "Testing for linearizability" (CCPE 2017), section 3.
 */
@NullMarked
package io.aviladb.chaos.checker;

import org.jspecify.annotations.NullMarked;
