/** Where things are: regions, their lives, and nodes. */
@NullMarked
package io.aviladb.core.region;

import org.jspecify.annotations.NullMarked;
