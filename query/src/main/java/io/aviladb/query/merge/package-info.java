/**
 * Rows: a partial result of each source of documents, and one result of all partial ones.
 *
 * <p>Start here: {@link io.aviladb.query.merge.PartialRun} (documents in, {@link io.aviladb.query.merge.Partial} out),
 * {@link io.aviladb.query.merge.FinalMerge} (partials in, a page out), {@link io.aviladb.query.merge.DocumentSource}.
 *
 * <p>Invariants: rows have a total order, for behind the keys of ORDER BY stand the document's key and the row's place in it; so a page doesn't
 * depend on how documents were spread over sources. Each document is given to exactly one partial run. What is kept is within
 * {@link io.aviladb.query.merge.QueryBudget}, or the query is refused.
 *
 * <p>Never depends on: I/O, threads, clocks.
 */
@NullMarked
package io.aviladb.query.merge;

import org.jspecify.annotations.NullMarked;
