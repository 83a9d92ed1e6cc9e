/** What a client asks to be written, and what it is answered: the unit of the log. */
@NullMarked
package io.aviladb.core.write;

import org.jspecify.annotations.NullMarked;
