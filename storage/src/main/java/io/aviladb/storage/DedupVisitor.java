package io.aviladb.storage;

import io.aviladb.core.range.DocumentKey;

/** Takes the answers of operations, in the order of document keys; those of one document together. */
@FunctionalInterface
public interface DedupVisitor {
    /** @return whether to go on */
    boolean visit(DocumentKey key, byte[] rowKey, byte[] row);
}
