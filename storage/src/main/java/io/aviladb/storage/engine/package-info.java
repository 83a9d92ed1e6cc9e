/**
 * The only package that knows RocksDB: opening, batches, reads at a point, checkpoints, and what goes wrong.
 *
 * <p>Start here: {@link io.aviladb.storage.engine.SharedEngine}, {@link io.aviladb.storage.engine.EngineStore},
 * {@link io.aviladb.storage.engine.WriteSet}.
 *
 * <p>Invariants: no write-ahead log, and {@code atomic_flush}: what a crash leaves is a prefix of the write sets, each whole, over all
 * families. A native object is closed by whoever made it; nothing native is touched after {@code close()}. Calls block inside native code:
 * platform threads only.
 *
 * <p>Never depends on what rows mean.
 *
 * <p>Source: O'Neil et al., <em>The Log-Structured Merge-Tree</em>, 1996; Lu et al., <em>WiscKey</em>, FAST 2016 (blob files).
 */
@NullMarked
package io.aviladb.storage.engine;

import org.jspecify.annotations.NullMarked;
