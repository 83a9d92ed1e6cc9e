package io.aviladb.storage;

import io.aviladb.core.version.ConflictId;

/** Takes records of conflicts in the order of keys. */
@FunctionalInterface
public interface ConflictVisitor {
    /** @return whether to go on */
    boolean visit(ConflictId id, byte[] row);
}
