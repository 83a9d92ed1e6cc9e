/**
 * Queries and changes by condition, over listings: the router reads the documents of the keys that a plan allows, page by page, and runs the plan.
 *
 * <p>Start here: {@link io.aviladb.router.query.QueryRunner}, {@link io.aviladb.router.query.ChangeRunner}.
 *
 * <p>Invariants: what didn't answer is in the coverage. A document is changed only in the state in which its condition was judged.
 *
 * <p>Not there yet: partial runs at the nodes, so that only what a page needs travels; one snapshot for all pages.
 */
@NullMarked
package io.aviladb.router.query;

import org.jspecify.annotations.NullMarked;
