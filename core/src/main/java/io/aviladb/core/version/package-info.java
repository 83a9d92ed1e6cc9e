/** Versions, version vectors and session tokens. */
@NullMarked
package io.aviladb.core.version;

import org.jspecify.annotations.NullMarked;
