/**
 * The {@code aviladb} command. Start here: {@link io.aviladb.cli.Main}, then {@link io.aviladb.cli.AvilaCommand}, which lists the commands.
 *
 * <p>
 * Commands that ask a running cluster something speak REST ({@code cli.http}) and print rows ({@code cli.output}). Commands that run servers
 * are thin, and hand over to {@code cli.dev} and {@code cli.server}: so that {@code --help} never loads a server's classes.
 */
@NullMarked
package io.aviladb.cli;

import org.jspecify.annotations.NullMarked;
