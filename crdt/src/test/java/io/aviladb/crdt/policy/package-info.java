/** The policies' JSON form. */
@NullMarked
package io.aviladb.crdt.policy;

import org.jspecify.annotations.NullMarked;
