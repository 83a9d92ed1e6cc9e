/**
 * JMH benchmarks of the hot pieces, each alone and on one thread.
 *
 * <p><b>Start here:</b> {@link io.aviladb.benchmarks.micro.ApplyBenchmark}; {@code benchmarks/micro} runs them.
 */
@NullMarked
package io.aviladb.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
