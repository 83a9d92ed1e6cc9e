/**
 * The Java SDK: documents over gRPC, with retries that apply a write once and a session that the client carries.
 *
 * <p><b>Start here:</b> {@link io.aviladb.client.AvilaClient}, {@link io.aviladb.client.Collection}.
 *
 * <p><b>Words:</b> <em>operation</em>: one call of a method; <em>attempt</em>: one time that its request is sent. <b>Invariants:</b> every
 * result carries latency and session token, of a write also version, receipt and compression ratio.
 *
 * <p><b>Never depends on</b> a server's module; generated types stay in {@code client.internal}.
 */
@NullMarked
package io.aviladb.client;

import org.jspecify.annotations.NullMarked;
