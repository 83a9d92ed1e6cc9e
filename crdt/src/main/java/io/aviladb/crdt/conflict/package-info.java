/**
 * Two versions of a document neither of which has seen the other: what becomes of them, and what of them is lost.
 *
 * <p>Start here: {@link io.aviladb.crdt.conflict.Conflict}.
 *
 * <p>A <em>field</em> is a path at which the two bodies differ, as deep as both have objects. It is <em>overwritten</em> where both versions have
 * written it and one of the two values doesn't show. Invariant: all that is said of a conflict is a function of the two versions and the
 * collection's policies, so that every region says the same.
 *
 * <p>Never depends on: I/O, clocks, the catalog, which region it runs in.
 */
@NullMarked
package io.aviladb.crdt.conflict;

import org.jspecify.annotations.NullMarked;
