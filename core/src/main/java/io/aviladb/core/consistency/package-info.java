/** What a read or a write may ask for. */
@NullMarked
package io.aviladb.core.consistency;

import org.jspecify.annotations.NullMarked;
