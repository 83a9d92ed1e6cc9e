/** Tests of the package. */
@NullMarked
package io.aviladb.core.time;

import org.jspecify.annotations.NullMarked;
