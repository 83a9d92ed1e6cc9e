/** A whole cluster of several regions on one machine. Start here: {@link io.aviladb.cli.dev.DevRun}. */
@NullMarked
package io.aviladb.cli.dev;

import org.jspecify.annotations.NullMarked;
