/**
 * What users choose: the URL and what requests ask for. Immutable values that validate.
 *
 * <p><b>Start here:</b> {@link io.aviladb.client.option.AvilaUrl}, {@link io.aviladb.client.option.RequestOptions}.
 *
 * <p><b>Invariants:</b> an unknown option is an error, never ignored; no secret is ever printed.
 *
 * <p><b>Never depends on</b> connections or generated types.
 */
@NullMarked
package io.aviladb.client.option;

import org.jspecify.annotations.NullMarked;
