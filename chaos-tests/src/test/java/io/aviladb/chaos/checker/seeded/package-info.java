/**
 * Checkers against histories that nobody wrote by hand: a correct system is simulated, what its clients saw is spoilt here and there, and an oracle
 * that tries everything says which of the results are still right.
 *
 * <p>
 * <b>Start here:</b> {@link io.aviladb.chaos.checker.seeded.KeysSimulation}. Words: a <i>draft</i> is a history that can still be changed; a
 * <i>mutant</i> is a draft after a change. Oracles share nothing with the checkers but the drafts.
 */
@NullMarked
package io.aviladb.chaos.checker.seeded;

import org.jspecify.annotations.NullMarked;
