/** The ports of replication: what it asks of the node that runs it. */
@NullMarked
package io.aviladb.replication.spi;

import org.jspecify.annotations.NullMarked;
