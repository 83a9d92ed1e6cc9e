/** Hybrid logical time, and the clock seam. */
@NullMarked
package io.aviladb.core.time;

import org.jspecify.annotations.NullMarked;
