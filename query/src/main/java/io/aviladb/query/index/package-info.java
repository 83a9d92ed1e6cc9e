/**
 * What a secondary index holds: for each document the entries that it has, as bytes in the index's order.
 *
 * <p>Start here: {@link io.aviladb.query.index.IndexEntries} (a document's entries), {@link io.aviladb.query.index.IndexKeys} (how they are written).
 *
 * <p>Words: an <em>entry</em> is collection, index, values, document key; it has no value beside. Invariants: entries are ordered as the values of their
 * fields are by {@link io.aviladb.query.eval.ValueOrder}, descending fields the other way round, then by the document's key; the entries of a document
 * follow from the definition and the document alone.
 *
 * <p>Never depends on: storage, I/O, threads, parameters, the time.
 */
@NullMarked
package io.aviladb.query.index;

import org.jspecify.annotations.NullMarked;
