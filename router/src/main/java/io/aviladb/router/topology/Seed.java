package io.aviladb.router.topology;

import io.aviladb.core.region.NodeId;

/** A node that is known before anything was asked. @param rpcAddress {@code host:port} of its RPC */
public record Seed(NodeId node, String rpcAddress) {}
