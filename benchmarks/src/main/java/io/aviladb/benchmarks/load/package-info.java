/**
 * Work and its measurement: loops, histograms, documents to write.
 *
 * <p><b>Start here:</b> {@link io.aviladb.benchmarks.load.ClosedLoop}.
 *
 * <p><b>Invariants:</b> every line is bounded in time; what failed is counted apart and never as an operation.
 */
@NullMarked
package io.aviladb.benchmarks.load;

import org.jspecify.annotations.NullMarked;
