/** Tests of the language: what parses, to what, and what is said of the rest. */
@NullMarked
package io.aviladb.query.language;

import org.jspecify.annotations.NullMarked;
