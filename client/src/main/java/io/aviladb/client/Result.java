package io.aviladb.client;

import java.time.Duration;

/** What every result carries. */
public interface Result {
    Answer answer();

    /** As the caller saw it, with all attempts. */
    default Duration latency() {
        return answer().latency();
    }

    /** What the session had seen, this included. The client carries it by itself. */
    default String sessionToken() {
        return answer().session();
    }
}
