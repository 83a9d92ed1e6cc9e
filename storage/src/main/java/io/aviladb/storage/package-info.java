/**
 * One group's replica on disk, and small stores of the same make for catalog and controller.
 *
 * <p>Start here: {@link io.aviladb.storage.GroupStore}, {@link io.aviladb.storage.Batch}, {@link io.aviladb.storage.MetaStore}.
 *
 * <p>Invariants: the applied position is in the same write as what was applied; what a crash leaves is the state at some applied position,
 * whole. One thread writes; any platform thread reads. {@code applied()} moves after everything that was applied can be read.
 *
 * <p>Never depends on what a body says, on consensus, or on a clock.
 */
@NullMarked
package io.aviladb.storage;

import org.jspecify.annotations.NullMarked;
