/**
 * What catalog and controller have in common: one small immutable value, replicated.
 *
 * <p><b>Start here:</b> {@link io.aviladb.node.meta.MetaMachine}.
 *
 * <p><b>Invariants:</b> the value that {@code value()} gives is on disk together with the position that made it; it never goes back, but for
 * a reopened replica that catches up again.
 *
 * <p><b>Never depends on</b> Apache Ratis, or on what the value says.
 */
@NullMarked
package io.aviladb.node.meta;

import org.jspecify.annotations.NullMarked;
