/**
 * How values are computed.
 *
 * <p>Start here: {@link io.aviladb.query.eval.ExpressionCompiler} (an expression becomes a closure), {@link io.aviladb.query.eval.ValueOrder}
 * (the one order of all values), {@link io.aviladb.query.eval.ValueBytes} (the same order as bytes), {@link io.aviladb.query.eval.Functions},
 * {@link io.aviladb.query.eval.Aggregates}.
 *
 * <p>Words: Java's {@code null} is <em>missing</em>; JSON's null is {@link io.aviladb.core.document.JsonNull}. A <em>frame</em> is what an
 * expression reads: the row's slots and the parameters. Invariants: evaluation is total, so nothing in a document makes it fail; equal
 * numbers are equal however they are written, so {@code 1} and {@code 1.0} compare, group and calculate alike; a result doesn't depend on the order
 * in which rows or partial states came.
 *
 * <p>Never depends on: collections, plans, I/O, the wall clock (a statement's time is a value of its frame).
 *
 * <p>Papers: Ong, Papakonstantinou and Vernoux, <em>The SQL++ query language</em>, 2014; Neal, <em>Fast exact summation using small and large
 * superaccumulators</em>, 2015.
 */
@NullMarked
package io.aviladb.query.eval;

import org.jspecify.annotations.NullMarked;
