/**
 * How operations fail, by what the caller may conclude.
 *
 * <p><b>Start here:</b> {@link io.aviladb.client.error.AvilaException}.
 *
 * <p><b>Invariants:</b> an exception that says <em>not applied</em> is right: where any attempt of a write has an unknown outcome, so has
 * the write.
 *
 * <p><b>Never depends on</b> connections or generated types.
 */
@NullMarked
package io.aviladb.client.error;

import org.jspecify.annotations.NullMarked;
