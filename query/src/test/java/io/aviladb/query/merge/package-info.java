/** Tests of whole queries: against a naive model, split over sources, page by page. */
@NullMarked
package io.aviladb.query.merge;

import org.jspecify.annotations.NullMarked;
