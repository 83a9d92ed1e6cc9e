/** Tests of the package. */
@NullMarked
package io.aviladb.core.write;

import org.jspecify.annotations.NullMarked;
