package io.aviladb.client.internal;

/**
 * What differs from attempt to attempt, or is known only at the first.
 *
 * @param session the token to send; empty where there is none
 * @param timeoutMillis how long the server may wait
 * @param region where the first attempt was sent; empty for what is no write
 */
record Terms(String session, long timeoutMillis, String region) {}
