/** Keys, their order-preserving encoding, and the intervals that groups own. */
@NullMarked
package io.aviladb.core.range;

import org.jspecify.annotations.NullMarked;
