package io.aviladb.replication.link;

/**
 * How far a link is.
 *
 * @param lagMillis how old the newest thing is that the source may have and this side hasn't; -1 before the first answer
 * @param lagEntries changes known and not applied; at least
 * @param state {@code connecting}, {@code streaming}, {@code rebasing} or {@code waiting}
 * @param receivedBytes as they came over the wire, since this node leads
 * @param jsonBytes what the same changes are without compression
 */
public record LinkProgress(long lagMillis, long lagEntries, String state, long receivedBytes, long jsonBytes) {}
