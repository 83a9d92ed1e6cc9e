package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.catalog.PolicyHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The policies under which every property is checked: each combination alone, and two histories of changes. */
final class Policies {
    private Policies() {
    }

    static MergePolicyDefinition of(Rule rule, Deletes deletes) {
        return new MergePolicyDefinition(rule, new TreeMap<>(), deletes);
    }

    static List<PolicyHistory> all() {
        List<PolicyHistory> all = new ArrayList<>();
        for (Rule rule : Rule.values()) {
            for (Deletes deletes : Deletes.values()) {
                all.add(PolicyHistory.of(of(rule, deletes)));
            }
        }
        all.add(new PolicyHistory(List.of(of(Rule.LWW, Deletes.LATER), of(Rule.LWW, Deletes.UPDATE_WINS),
                of(Rule.LWW, Deletes.DELETE_WINS))));
        return all;
    }

    /** Changes that also change how a write is made: for laws and convergence, which the specification of one rule doesn't cover. */
    static List<PolicyHistory> changingRules() {
        return List.of(
                new PolicyHistory(List.of(of(Rule.LWW, Deletes.LATER), of(Rule.LWW_DOCUMENT, Deletes.UPDATE_WINS),
                        of(Rule.LWW, Deletes.DELETE_WINS))),
                new PolicyHistory(List.of(of(Rule.LWW_DOCUMENT, Deletes.DELETE_WINS), of(Rule.LWW, Deletes.LATER))));
    }
}
