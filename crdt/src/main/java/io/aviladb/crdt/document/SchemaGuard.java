package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.catalog.SchemaDefinition;
import io.aviladb.core.document.Document;
import io.aviladb.crdt.schema.Schema;

/**
 * A merge that breaks the collection's schema isn't shown, though each of its versions keeps it: the oldest update that does is shown instead, as its
 * writer left it, until a write has seen all of them. That is a function of the set of live versions, as every merge is, so all regions show the same. Where
 * no version keeps the schema the merge has broken nothing, and shows.
 */
record SchemaGuard(MergedState state, boolean keepsOld) {

    /** What the set shows by the policy and the schema that it names. @throws IllegalArgumentException where it reads as deleted */
    static SchemaGuard of(LiveVersions set, PolicyHistory policies) {
        MergePolicyDefinition policy = set.policy(policies);
        MergedState merged = MergedState.of(set, policy);
        SchemaDefinition schema = set.schema(policies);
        if (!set.isConflict() || !schema.isEnforced() || keeps(schema, Document.ofCanonical(merged.json()))) {
            return new SchemaGuard(merged, false);
        }
        return set.versions().stream().filter(version -> !version.isDelete() && keeps(schema, version.document())).findFirst()
                .map(oldest -> new SchemaGuard(MergedState.keeping(set, oldest, policy), true)).orElse(new SchemaGuard(merged, false));
    }

    private static boolean keeps(SchemaDefinition schema, Document document) {
        return Schema.of(schema).check(document).isEmpty();
    }
}
