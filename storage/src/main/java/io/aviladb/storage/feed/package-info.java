/**
 * A group's changes in timestamp order, for links, change streams and the collector.
 *
 * <p>Start here: {@link io.aviladb.storage.feed.FeedKey}.
 *
 * <p>Invariants: rows at or below the trimmed mark are not served, whether they are still in files or not; the mark never falls.
 */
@NullMarked
package io.aviladb.storage.feed;

import org.jspecify.annotations.NullMarked;
