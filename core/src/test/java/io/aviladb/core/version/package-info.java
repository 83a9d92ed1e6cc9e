/** Tests of the package. */
@NullMarked
package io.aviladb.core.version;

import org.jspecify.annotations.NullMarked;
