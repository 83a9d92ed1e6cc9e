/** The specifications of {@code src/test/resources/tla}, checked: {@link io.aviladb.chaos.specification.SpecificationsTest}. */
@NullMarked
package io.aviladb.chaos.specification;

import org.jspecify.annotations.NullMarked;
