package io.aviladb.storage.engine;

/** Takes one row after the other. The arrays are the visitor's own. */
@FunctionalInterface
public interface RowVisitor {
    /** @return whether to go on */
    boolean visit(byte[] key, byte[] value);
}
