/** Tests of plans: which keys are read, what is refused, what EXPLAIN shows. */
@NullMarked
package io.aviladb.query.plan;

import org.jspecify.annotations.NullMarked;
