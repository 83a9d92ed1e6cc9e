/**
 * What is asked: text to an immutable tree.
 *
 * <p>Start here: {@link io.aviladb.query.language.Parser} (text in, {@link io.aviladb.query.language.Statement} out),
 * {@link io.aviladb.query.language.Expression} (what may be computed), docs/query-language.md (the grammar in prose).
 *
 * <p>Words: a <em>name</em> begins a path and is an alias or a field, which the binder decides; a <em>shape</em> is a statement's text without
 * its constants. Invariants: every node knows where it stands; trees are records, so that equality is of the whole; no text makes the parser
 * recurse deeper than {@link io.aviladb.query.language.LanguageLimits#MAX_DEPTH}.
 *
 * <p>Never depends on: documents, collections, I/O.
 *
 * <p>Papers: Pratt, <em>Top down operator precedence</em>, 1973; Ong, Papakonstantinou and Vernoux, <em>The SQL++ query language</em>, 2014
 * (missing, null, and unnesting).
 */
@NullMarked
package io.aviladb.query.language;

import org.jspecify.annotations.NullMarked;
