package io.aviladb.client.internal;

import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.function.Function;

/**
 * An operation: one request, however often it is sent.
 *
 * @param request made anew for each attempt; everything but the terms is the same each time
 * @param session the answer's token; empty where it has none
 */
record Operation<Q, A>(MethodDescriptor<Q, A> method, Kind kind, Duration timeout, Function<Terms, Q> request,
        Function<A, String> session) {}
