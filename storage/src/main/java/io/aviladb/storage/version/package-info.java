/**
 * Bodies, one row for each version of each document: document key, then the version from the newest to the oldest.
 *
 * <p>Start here: {@link io.aviladb.storage.version.VersionKey}.
 *
 * <p>Invariants: a row is never overwritten with other bytes; it goes only by a log entry. No document's key is the beginning of another's.
 */
@NullMarked
package io.aviladb.storage.version;

import org.jspecify.annotations.NullMarked;
