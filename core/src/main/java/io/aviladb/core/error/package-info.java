/** The one catalogue of errors. */
@NullMarked
package io.aviladb.core.error;

import org.jspecify.annotations.NullMarked;
