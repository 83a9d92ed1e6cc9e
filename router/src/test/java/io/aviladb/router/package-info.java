/** The router against nodes that are written by hand. Start here: {@link io.aviladb.router.RestTest}. */
@NullMarked
package io.aviladb.router;

import org.jspecify.annotations.NullMarked;
