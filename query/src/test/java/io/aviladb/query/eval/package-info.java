/** Tests of values, their order, and what expressions come to. */
@NullMarked
package io.aviladb.query.eval;

import org.jspecify.annotations.NullMarked;
