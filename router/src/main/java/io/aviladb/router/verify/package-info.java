/**
 * Self-checks of a running cluster.
 *
 * <p><b>Start here:</b> {@link io.aviladb.router.verify.ReplicaCheck} compares what every replica of every region holds at one cut, down to the document
 * that differs; {@link io.aviladb.router.verify.OrderWatch} watches whether sampled documents go back for somebody who must not see that.
 *
 * <p>Invariant: nothing is called identical that wasn't compared. What couldn't be asked is named.
 */
@NullMarked
package io.aviladb.router.verify;

import org.jspecify.annotations.NullMarked;
