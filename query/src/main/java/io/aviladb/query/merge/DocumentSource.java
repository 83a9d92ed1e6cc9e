package io.aviladb.query.merge;

import io.aviladb.core.document.Document;
import io.aviladb.core.range.DocumentKey;
import org.jspecify.annotations.Nullable;

/** Documents of one interval in the order of their keys, each once. */
public interface DocumentSource {
    /** A document and where it stands. */
    record Entry(DocumentKey key, Document document) {}

    /** The next one; null at the end. */
    @Nullable
    Entry next();
}
