/** Sample data sets, generated or fetched. Start here: {@link io.aviladb.cli.sample.Samples}. */
@NullMarked
package io.aviladb.cli.sample;

import org.jspecify.annotations.NullMarked;
