/** What the catalog says of databases and collections. */
@NullMarked
package io.aviladb.core.catalog;

import org.jspecify.annotations.NullMarked;
