/**
 * Checkpoints as directories: what they hold, whether it is whole, and how one takes its place in one step.
 *
 * <p>Start here: {@link io.aviladb.storage.snapshot.SnapshotManifest}, {@link io.aviladb.storage.snapshot.SnapshotFiles}.
 *
 * <p>Invariants: a directory named {@code <term>_<index>} is complete and durable. What lies in any other name may be deleted.
 */
@NullMarked
package io.aviladb.storage.snapshot;

import org.jspecify.annotations.NullMarked;
