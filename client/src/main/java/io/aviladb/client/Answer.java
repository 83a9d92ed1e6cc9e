package io.aviladb.client;

import java.time.Duration;

/**
 * Where, why and how fast an answer was made.
 *
 * @param latency as the caller saw it, with all attempts
 * @param serverLatency of the attempt that was answered, in the server
 * @param session the token that the answer brought; the client carries it by itself
 * @param region that served
 * @param node that served
 * @param reason why it was that one
 * @param attempts 1 where the first succeeded
 */
public record Answer(Duration latency, Duration serverLatency, String session, String region, String node, String reason, String requestId,
        int attempts) {}
