package io.aviladb.chaos.simulation;

/** What may befall a simulated cluster. A plan draws about half of them. */
enum Fault {
    /** A node dies; it comes back with what its disk had at some time before. */
    CRASH,
    /** As CRASH, and what it comes back with is another replica's snapshot. */
    INSTALL,
    /** Nodes and routers can't reach some others, in both directions. */
    CUT,
    /** Messages of one direction are lost. */
    ONE_WAY,
    /** A message in twenty is lost, or its answer is. */
    LOSS,
    /** A node's wall clock jumps, forth or back. */
    CLOCK,
    /** Another replica leads, though nothing is wrong. */
    ELECTION,
    /** A replica applies late. */
    SLOW,
    /** Ranges split and merge. */
    RANGES
}
