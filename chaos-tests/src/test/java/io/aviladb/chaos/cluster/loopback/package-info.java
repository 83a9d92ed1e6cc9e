/**
 * Real clusters on this machine: processes that are started as a user starts them, and judged by what they answer.
 *
 * <p>
 * <b>Start here:</b> {@link io.aviladb.chaos.cluster.loopback.DevProcess} runs {@code aviladb dev};
 * {@link io.aviladb.chaos.cluster.loopback.FirstClusterIT} shows its use. Invariant: nothing that a test started outlives it.
 */
@NullMarked
package io.aviladb.chaos.cluster.loopback;

import org.jspecify.annotations.NullMarked;
