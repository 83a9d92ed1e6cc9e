package io.aviladb.router.verify;

import io.aviladb.core.range.DocumentKey;

/**
 * A document that isn't the same in two places.
 *
 * @param place a node, or a region whose replicas agree
 * @param reference what it was compared with: a node of the same region, or another region
 */
public record Difference(DocumentKey key, Kind kind, String place, String reference) {
    /** What the place has of it. */
    public enum Kind {
        /** Nothing, where the reference has the document. */
        MISSING,
        /** The document, where the reference has nothing. */
        EXTRA,
        /** Another document, or one of other versions. */
        DIFFERENT
    }
}
