/**
 * Where and how a statement runs: immutable plans, made once, shared by threads.
 *
 * <p>Start here: {@link io.aviladb.query.plan.Planner}, {@link io.aviladb.query.plan.QueryPlan}, {@link io.aviladb.query.plan.KeyConditions}
 * (which keys a condition allows), {@link io.aviladb.query.plan.PlanNode} (what EXPLAIN shows),
 * {@link io.aviladb.query.plan.IndexChoice} (which index serves).
 *
 * <p>Invariants: a plan holds no parameter's value; the interval that it reads holds every document that its condition accepts.
 *
 * <p>Never depends on: I/O, threads, the catalog (a collection comes as its id and partition strategy).
 */
@NullMarked
package io.aviladb.query.plan;

import org.jspecify.annotations.NullMarked;
