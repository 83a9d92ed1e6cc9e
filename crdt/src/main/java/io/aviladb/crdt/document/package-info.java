/**
 * The document as a lattice: the set of versions that no other version has seen, and what a reader sees of it.
 *
 * <p>Start here: {@link io.aviladb.crdt.document.LiveVersions} (the lattice), {@link io.aviladb.crdt.document.Mutator} (a write makes a
 * version), {@link io.aviladb.crdt.document.MergedState} (what a set of versions reads as). The protocol: docs/protocols/document.md.
 *
 * <p>Invariants: stamp(v) &gt; every other stamp in vector(v). One set of versions has one sequence of bytes. A merge makes no version.
 *
 * <p>Never depends on: I/O, clocks, threads, randomness, storage, the network.
 *
 * <p>Papers: Shapiro et al., <em>Conflict-free Replicated Data Types</em>, 2011; Bieniusa et al., <em>An optimized conflict-free
 * replicated set</em>, 2012 (a version absent from a side whose vector covers it was superseded there).
 */
@NullMarked
package io.aviladb.crdt.document;

import org.jspecify.annotations.NullMarked;
