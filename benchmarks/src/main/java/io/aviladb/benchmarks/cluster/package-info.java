/**
 * What is measured, each in this process: AvilaDB's nodes and routers, a bare Raft group, a bare gRPC server.
 *
 * <p><b>Start here:</b> {@link io.aviladb.benchmarks.cluster.LocalCluster}.
 */
@NullMarked
package io.aviladb.benchmarks.cluster;

import org.jspecify.annotations.NullMarked;
