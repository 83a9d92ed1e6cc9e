/** The serving end over a feed in memory. */
@NullMarked
package io.aviladb.replication.serve;

import org.jspecify.annotations.NullMarked;
