package io.aviladb.client;

/**
 * A document was replaced, patched or deleted.
 *
 * @param etag names the new state, for a precondition; empty after a delete
 * @param created whether there was none before
 * @param compressionRatio bytes of JSON over bytes kept
 */
public record WriteResult(String id, String version, String etag, boolean created, int sizeBytes, double compressionRatio, Receipt receipt,
        Answer answer) implements Result {}
