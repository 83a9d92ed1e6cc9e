package io.aviladb.client;

import io.aviladb.core.document.Document;
import java.util.List;
import java.util.Optional;

/**
 * Some documents of a listing, in key order, or of a query, in its own.
 *
 * @param continuationToken where the next page begins; empty at the end
 * @param version the newest that the documents' states may hold; empty where the server doesn't tell
 * @param compressionRatio bytes of JSON over bytes of the answer
 */
public record Page(List<Document> documents, Optional<String> continuationToken, Coverage coverage, String version,
        double compressionRatio, Answer answer) implements Result {
    public Page {
        documents = List.copyOf(documents);
    }
}
