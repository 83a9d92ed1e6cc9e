/**
 * Merge policies as they are declared: from JSON and back.
 *
 * <p>Start here: {@link io.aviladb.crdt.policy.MergePolicies}.
 *
 * <p>Invariant: what is described and not there yet is refused as such, never ignored.
 *
 * <p>Never depends on: I/O, the catalog.
 */
@NullMarked
package io.aviladb.crdt.policy;

import org.jspecify.annotations.NullMarked;
