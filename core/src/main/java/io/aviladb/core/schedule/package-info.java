/** The seam for time-outs and periodic work. */
@NullMarked
package io.aviladb.core.schedule;

import org.jspecify.annotations.NullMarked;
