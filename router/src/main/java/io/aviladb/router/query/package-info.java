/**
 * Queries and changes by condition. A query runs where its documents are: each range runs its fragment and gives a partial result, which is merged
 * here. Changes by condition, and queries of all regions, read documents page by page.
 *
 * <p>Start here: {@link io.aviladb.router.query.QueryRunner}, {@link io.aviladb.router.query.Fragments},
 * {@link io.aviladb.router.query.ChangeRunner}.
 *
 * <p>Invariants: what didn't answer is in the coverage. A document is changed only in the state in which its condition was judged. A fragment whose
 * answer isn't wanted any more is ended at its node.
 *
 * <p>Not there yet: one snapshot for all ranges and pages.
 */
@NullMarked
package io.aviladb.router.query;

import org.jspecify.annotations.NullMarked;
