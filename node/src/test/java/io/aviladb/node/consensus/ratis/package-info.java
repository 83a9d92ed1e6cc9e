/** Tests of the adapter to Apache Ratis: real servers on the loopback address, in one process. */
@NullMarked
package io.aviladb.node.consensus.ratis;

import org.jspecify.annotations.NullMarked;
