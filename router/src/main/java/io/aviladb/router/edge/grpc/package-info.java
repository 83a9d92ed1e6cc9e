/**
 * gRPC: the services of {@code aviladb.v1} over {@link io.aviladb.router.edge}. Generated types stop here.
 *
 * <p><b>Start here:</b> {@link io.aviladb.router.edge.grpc.DocumentsService}; {@link io.aviladb.router.edge.grpc.GrpcErrors} shapes refusals.
 */
@NullMarked
package io.aviladb.router.edge.grpc;

import org.jspecify.annotations.NullMarked;
