package io.aviladb.cli.load;

import io.aviladb.core.document.JsonObject;

/** A record of what is imported. */
public sealed interface SourceRecord {
    /** In the source, from 1: a line's number, or for an array of JSON the element's. */
    long line();

    /** How many bytes of the source end with it; only grows. */
    long endOffset();

    /** @param sizeBytes of its canonical JSON */
    record Parsed(long line, long endOffset, JsonObject document, int sizeBytes) implements SourceRecord {}

    /**
     * It is no document.
     *
     * @param code of the error catalogue
     */
    record Malformed(long line, long endOffset, String code, String message, String text) implements SourceRecord {}
}
