package io.aviladb.storage.version;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.version.Version;

/** Takes versions in the order of keys, of one document from the newest to the oldest. */
@FunctionalInterface
public interface VersionVisitor {
    /** @return whether to go on */
    boolean visit(DocumentKey key, Version version, byte[] body);
}
