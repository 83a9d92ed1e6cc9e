/** The node's interface, in process and over gRPC. */
@NullMarked
package io.aviladb.node.rpc;

import org.jspecify.annotations.NullMarked;
