/**
 * A router as a server on one port.
 *
 * <p><b>Start here:</b> {@link io.aviladb.router.server.RouterServer}.
 */
@NullMarked
package io.aviladb.router.server;

import org.jspecify.annotations.NullMarked;
