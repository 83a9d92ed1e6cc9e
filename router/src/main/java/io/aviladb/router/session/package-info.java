/**
 * What clients carry: session tokens, continuation tokens and entity tags.
 *
 * <p><b>Start here:</b> {@link io.aviladb.router.session.SessionTokens}, {@link io.aviladb.router.session.EntityTag}.
 *
 * <p>Tokens are signed with the cluster's secret, because a forged one could make a replica wait for a time that never comes. An entity tag is
 * not: it only ever is compared.
 */
@NullMarked
package io.aviladb.router.session;

import org.jspecify.annotations.NullMarked;
