package io.aviladb.client;

import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonValue;
import java.util.List;

/**
 * A document as it was read: the base of a {@link Collection#replace(StoredDocument, Document) replace}, which is then the difference from
 * this state.
 *
 * @param partition the key that it was read by; may be empty where the collection's is the id, or synthetic
 * @param etag names the state
 */
public record StoredDocument(String id, List<JsonValue> partition, Document document, String version, String etag, Answer answer)
        implements
            Result {
    public StoredDocument {
        partition = List.copyOf(partition);
    }
}
