/**
 * REST: paths, headers, bodies and problem documents over {@link io.aviladb.router.edge}.
 *
 * <p><b>Start here:</b> {@link io.aviladb.router.edge.rest.Routes} lists every path; {@link io.aviladb.router.edge.rest.RestService} serves them.
 */
@NullMarked
package io.aviladb.router.edge.rest;

import org.jspecify.annotations.NullMarked;
