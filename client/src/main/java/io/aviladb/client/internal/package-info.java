/**
 * How operations reach a server and are tried again. Not for users: everything here may change.
 *
 * <p><b>Start here:</b> {@link io.aviladb.client.internal.Invocation}, {@link io.aviladb.client.internal.Failure},
 * {@link io.aviladb.client.internal.Wire}.
 *
 * <p><b>Invariants:</b> a write is sent again only under the id of its first attempt; generated types stop in this package.
 */
@NullMarked
package io.aviladb.client.internal;

import org.jspecify.annotations.NullMarked;
