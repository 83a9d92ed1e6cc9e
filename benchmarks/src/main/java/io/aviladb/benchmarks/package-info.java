/**
 * How fast AvilaDB is, beside what it is built on, measured in the same run.
 *
 * <p><b>Start here:</b> {@link io.aviladb.benchmarks.SideBySide}, {@link io.aviladb.benchmarks.MultiRegion},
 * {@code docs/performance.md}.
 *
 * <p><b>Words and invariants:</b> a <i>line</i> is one kind of work at one number in flight; what is compared with what is measured by the same
 * loop in the same process, one after the other, and only ratios are to be trusted.
 */
@NullMarked
package io.aviladb.benchmarks;

import org.jspecify.annotations.NullMarked;
