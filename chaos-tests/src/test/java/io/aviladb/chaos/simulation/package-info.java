/**
 * Whole clusters on one thread and one seed: real routers, nodes, links, group machines and controllers over a simulated network, log, clock and
 * disk. Start at {@link io.aviladb.chaos.simulation.ClusterSimulation}; {@link io.aviladb.chaos.simulation.Plan} is what a seed draws.
 *
 * <p>Everything that happens is a task of the {@link io.aviladb.chaos.simulation.Agenda}. Nothing here may ask the machine's clock, start a thread or
 * iterate over something whose order differs by process.
 */
@NullMarked
package io.aviladb.chaos.simulation;

import org.jspecify.annotations.NullMarked;
