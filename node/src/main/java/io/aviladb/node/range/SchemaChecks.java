package io.aviladb.node.range;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.SchemaDefinition;
import io.aviladb.core.catalog.SchemaDefinition.Level;
import io.aviladb.core.document.Document;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.crdt.schema.Schema;
import io.aviladb.crdt.schema.SchemaViolation;
import java.util.List;
import java.util.Optional;

/**
 * A collection's schema in apply: what a write makes of its document is known here only, for a patch as for a put. Every replica comes to the same
 * verdict, since the definition is in the log too.
 */
final class SchemaChecks {
    private SchemaChecks() {
    }

    /**
     * @param after what the write would make
     * @param before what is there
     * @throws AvilaError {@link ErrorCode#SCHEMA_VIOLATION}
     */
    static void check(LiveVersion after, LiveVersions before, CollectionDefinition collection) {
        SchemaDefinition definition = collection.schema();
        if (!definition.isEnforced() || after.isDelete()) {
            return;
        }
        List<SchemaViolation> violations = Schema.of(definition).check(after.document());
        if (!violations.isEmpty() && !(definition.level() == Level.MODERATE && isBroken(before, definition, collection))) {
            throw new AvilaError(ErrorCode.SCHEMA_VIOLATION, SchemaViolation.detail(violations));
        }
    }

    private static boolean isBroken(LiveVersions before, SchemaDefinition definition, CollectionDefinition collection) {
        Optional<Document> document = before.read(collection.policies());
        return document.isPresent() && !Schema.of(definition).check(document.get()).isEmpty();
    }
}
