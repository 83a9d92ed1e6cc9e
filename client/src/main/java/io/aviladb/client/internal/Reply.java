package io.aviladb.client.internal;

import java.time.Duration;

/** An answer, how long it took with all attempts, and how many they were. */
record Reply<A>(A answer, Duration latency, int attempts) {}
