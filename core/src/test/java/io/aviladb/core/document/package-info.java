/** Tests of the package. */
@NullMarked
package io.aviladb.core.document;

import org.jspecify.annotations.NullMarked;
