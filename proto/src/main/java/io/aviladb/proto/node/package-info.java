/**
 * What nodes and routers say to one another: records, their bytes, and their way over gRPC.
 *
 * <p><b>Start here:</b> {@link io.aviladb.proto.node.NodeApi}; {@link io.aviladb.proto.node.NodeRpc} carries it over a wire.
 *
 * <p>In one process the same interface is called directly: nothing is encoded.
 */
@NullMarked
package io.aviladb.proto.node;

import org.jspecify.annotations.NullMarked;
