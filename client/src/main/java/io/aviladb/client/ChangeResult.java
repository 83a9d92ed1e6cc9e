package io.aviladb.client;

/**
 * Documents were changed by a condition.
 *
 * @param count how many
 * @param version the newest that was written or read
 */
public record ChangeResult(long count, String version, Answer answer) implements Result {}
