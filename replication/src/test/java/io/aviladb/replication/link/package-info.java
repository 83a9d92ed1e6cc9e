/** A link's states, one event at a time. */
@NullMarked
package io.aviladb.replication.link;

import org.jspecify.annotations.NullMarked;
