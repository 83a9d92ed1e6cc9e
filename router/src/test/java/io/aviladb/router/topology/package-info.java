/** Tests of what a router knows of the regions. */
@NullMarked
package io.aviladb.router.topology;

import org.jspecify.annotations.NullMarked;
