package io.aviladb.crdt.conflict;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import java.util.List;

/**
 * Versions that the policy {@code manual} keeps side by side: neither stability nor a write that isn't meant to resolve them makes one of them. Two
 * versions that lose nothing by one another (two deletes, equal bodies, what typed fields and counters merge) are no siblings.
 */
public final class Siblings {
    private Siblings() {
    }

    /** Whether the versions outlive their stability: somebody must resolve them, or their merge would break the schema. */
    public static boolean stay(LiveVersions set, PolicyHistory policies) {
        return set.keepsOld(policies) || are(set, policies);
    }

    /** Whether somebody must resolve the document. A function of the set, so that regions agree on it. */
    public static boolean are(LiveVersions set, PolicyHistory policies) {
        MergePolicyDefinition policy = set.isConflict() ? set.policy(policies) : MergePolicyDefinition.DEFAULT;
        if (policy.rule() != Rule.MANUAL) {
            return false;
        }
        List<LiveVersion> versions = set.versions();
        for (int i = 0; i < versions.size(); i++) {
            for (LiveVersion newer : versions.subList(i + 1, versions.size())) {
                if (new Conflict(versions.get(i), newer).overwrites(policy)) {
                    return true;
                }
            }
        }
        return false;
    }
}
