/**
 * What REST and gRPC share: requests are checked here, before anything is sent to a node, and answers are shaped here.
 *
 * <p><b>Start here:</b> {@link io.aviladb.router.edge.DocumentOperations}, {@link io.aviladb.router.edge.Definitions}.
 *
 * <p>Invariant: what leaves this package has passed every limit of the product page that needs no state to judge.
 */
@NullMarked
package io.aviladb.router.edge;

import org.jspecify.annotations.NullMarked;
