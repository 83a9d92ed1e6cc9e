package io.aviladb.crdt.conflict;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.version.Version;
import java.util.Optional;

/**
 * What becomes of one field, or of the whole document where one of the two versions deletes it (then the path is the root's).
 *
 * @param older the value in the older version's body; empty where the field is missing there
 * @param newer the same of the newer version
 * @param olderWrite the newest write of the older version that reaches the path and that the newer one has not seen; empty where there is none
 * @param newerWrite the same of the newer version
 * @param result what a reader sees
 * @param winner whose value that is
 */
public record FieldOutcome(FieldPath path, Optional<JsonValue> older, Optional<JsonValue> newer, Optional<Version> olderWrite,
        Optional<Version> newerWrite, Optional<JsonValue> result, Winner winner) {

    /** Whose value a reader sees. */
    public enum Winner {
        OLDER,
        NEWER,
        /** Neither's: the two were merged. */
        BOTH
    }

    /** Whether both have written the field and one of the values doesn't show. */
    public boolean isOverwritten() {
        return olderWrite.isPresent() && newerWrite.isPresent();
    }
}
