/** Injected faults: what {@code POST /v1/faults} takes, and who plays it. Start here: {@link io.aviladb.cli.fault.ClusterFaults}. */
@NullMarked
package io.aviladb.cli.fault;

import org.jspecify.annotations.NullMarked;
