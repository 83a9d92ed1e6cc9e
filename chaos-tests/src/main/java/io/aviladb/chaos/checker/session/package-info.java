/**
 * Judges what a session may expect: read your writes, monotonic reads, monotonic writes, writes follow reads, and causality, which is all four.
 *
 * <p>
 * <b>Start here:</b> {@link io.aviladb.chaos.checker.session.Sessions}. Words: a version's <i>age</i> is an interval of ranks, since not everything
 * about its place in the key's order may be known; a version is <i>older</i> than another only where the intervals don't touch. Invariant: what
 * isn't certain is never a violation. Paper: Terry et al., "Session guarantees for weakly consistent replicated data" (PDIS 1994).
 */
@NullMarked
package io.aviladb.chaos.checker.session;

import org.jspecify.annotations.NullMarked;
