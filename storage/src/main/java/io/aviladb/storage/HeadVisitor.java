package io.aviladb.storage;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.storage.head.Head;

/** Takes heads in key order. */
@FunctionalInterface
public interface HeadVisitor {
    /** @return whether to go on */
    boolean visit(DocumentKey key, Head head);
}
