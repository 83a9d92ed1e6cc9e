package io.aviladb.client;

/**
 * A document was inserted.
 *
 * @param id the document's own, or the one that was made for it
 * @param etag names the state, for a precondition
 * @param compressionRatio bytes of JSON over bytes kept
 */
public record InsertResult(String id, String version, String etag, int sizeBytes, double compressionRatio, Receipt receipt, Answer answer)
        implements
            Result {}
