/** The seam for randomness. */
@NullMarked
package io.aviladb.core.random;

import org.jspecify.annotations.NullMarked;
