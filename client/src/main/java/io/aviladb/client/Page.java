package io.aviladb.client;

import io.aviladb.core.document.Document;
import java.util.List;
import java.util.Optional;

/**
 * Some documents of a listing, in key order.
 *
 * @param continuationToken where the next page begins; empty at the end
 */
public record Page(List<Document> documents, Optional<String> continuationToken, Coverage coverage, Answer answer) implements Result {
    public Page {
        documents = List.copyOf(documents);
    }
}
