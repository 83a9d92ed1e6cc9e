/** The interactive shell: statements and commands, read from a terminal or a file. Start at {@link io.aviladb.cli.shell.Shell}. */
@NullMarked
package io.aviladb.cli.shell;

import org.jspecify.annotations.NullMarked;
