package io.aviladb.router.route;

import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.OperationId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A unit before its ranges are known: they are looked up anew for each attempt. */
public record UnitDraft(List<DocumentWrite> writes, @Nullable OperationId operation, VersionVector token) {
    public UnitDraft {
        writes = List.copyOf(writes);
    }
}
