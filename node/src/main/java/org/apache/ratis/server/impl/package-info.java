/** The one thing that the adapter needs from inside Ratis: it must not be reachable from outside {@code node.consensus.ratis}. */
@NullMarked
package org.apache.ratis.server.impl;

import org.jspecify.annotations.NullMarked;
