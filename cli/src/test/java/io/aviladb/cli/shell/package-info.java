@NullMarked
package io.aviladb.cli.shell;

import org.jspecify.annotations.NullMarked;
