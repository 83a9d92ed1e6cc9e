/**
 * When documents expire: a function of what a reader sees and of the stamps of its live versions, so that every replica and every region come to
 * the same time.
 *
 * <p><b>Start here:</b> {@link io.aviladb.crdt.expiry.Expiry}.
 *
 * <p><b>Words and invariants:</b> a document <i>is over</i> at a stamp of the log, never at a clock's reading.
 *
 * <p><b>Never depends on</b> a clock.
 */
@NullMarked
package io.aviladb.crdt.expiry;

import org.jspecify.annotations.NullMarked;
