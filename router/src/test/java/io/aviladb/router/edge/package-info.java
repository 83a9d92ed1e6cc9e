@NullMarked
package io.aviladb.router.edge;

import org.jspecify.annotations.NullMarked;
