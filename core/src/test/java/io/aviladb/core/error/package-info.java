/** Tests of the package. */
@NullMarked
package io.aviladb.core.error;

import org.jspecify.annotations.NullMarked;
