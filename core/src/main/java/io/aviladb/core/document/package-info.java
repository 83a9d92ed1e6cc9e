/** The JSON value, the document and paths into it. */
@NullMarked
package io.aviladb.core.document;

import org.jspecify.annotations.NullMarked;
