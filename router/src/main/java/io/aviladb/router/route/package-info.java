/**
 * Brings one operation to the replica that must do it, and decides what a failure means.
 *
 * <p><b>Start here:</b> {@link io.aviladb.router.route.WriteRouter}, {@link io.aviladb.router.route.ReadRouter},
 * {@link io.aviladb.router.route.CatalogRouter}; {@link io.aviladb.router.route.Failure} tells what may be concluded.
 *
 * <p>Invariants: a write whose outcome is unknown is sent again only under an operation's id; nothing blocks; answers complete on the thread
 * that brought them. A retry waits 5 to 200 ms, with jitter.
 */
@NullMarked
package io.aviladb.router.route;

import org.jspecify.annotations.NullMarked;
