/**
 * What the loss of a region would cost now: the writes that it has acknowledged and that no other region is known to have.
 *
 * <p><b>Start here:</b> {@link io.aviladb.router.loss.UnconfirmedWrites}.
 *
 * <p>Invariant: nothing is told better than it is known. What a region that can't be asked may have counts only as far as it has said so before, to
 * the region whose writes are meant; what nobody can be asked about is unknown, never zero.
 */
@NullMarked
package io.aviladb.router.loss;

import org.jspecify.annotations.NullMarked;
