/** Bytes in and out: varints and length-prefixed fields. */
@NullMarked
package io.aviladb.core.codec;

import org.jspecify.annotations.NullMarked;
