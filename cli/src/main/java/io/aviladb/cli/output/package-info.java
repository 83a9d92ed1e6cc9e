/** Rows for people and for programs. Start here: {@link io.aviladb.cli.output.RowPrinter}. */
@NullMarked
package io.aviladb.cli.output;

import org.jspecify.annotations.NullMarked;
