/** Tests of the package. */
@NullMarked
package io.aviladb.core.range;

import org.jspecify.annotations.NullMarked;
