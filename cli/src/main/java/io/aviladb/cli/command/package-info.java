/** The commands that ask a running cluster, one class each. */
@NullMarked
package io.aviladb.cli.command;

import org.jspecify.annotations.NullMarked;
