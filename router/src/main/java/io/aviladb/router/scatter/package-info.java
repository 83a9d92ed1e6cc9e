/**
 * Listings over many ranges and many regions: pages in key order, merged, with a report of what answered.
 *
 * <p><b>Start here:</b> {@link io.aviladb.router.scatter.Listing}; {@link io.aviladb.router.scatter.PageMerge} is the part without I/O.
 *
 * <p>Invariant: a page shows no key beyond the least key up to which every region that answered has been read, so that nothing is skipped.
 */
@NullMarked
package io.aviladb.router.scatter;

import org.jspecify.annotations.NullMarked;
