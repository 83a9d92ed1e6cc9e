/** Scenarios by name, and the laws over reachable states. */
@NullMarked
package io.aviladb.crdt.document;

import org.jspecify.annotations.NullMarked;
