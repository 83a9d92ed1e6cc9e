/** The deterministic group state machine: an entry of the log in, effects on the store and an answer out. */
@NullMarked
package io.aviladb.node.range;

import org.jspecify.annotations.NullMarked;
