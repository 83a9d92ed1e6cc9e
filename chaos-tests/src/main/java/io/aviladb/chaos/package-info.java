/**
 * The chaos lab's command: {@link io.aviladb.chaos.Check} judges a file. Histories are in {@code history}, what judges them in {@code checker}.
 * This package depends on nothing but the JDK, so that its jar runs by itself.
 */
@NullMarked
package io.aviladb.chaos;

import org.jspecify.annotations.NullMarked;
