package io.aviladb.crdt.document;

import io.aviladb.core.catalog.CustomMerge;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.catalog.SchemaDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonParser;
import io.aviladb.crdt.schema.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The policies under which every property is checked: each combination alone, and two histories of changes. */
final class Policies {
    private Policies() {
    }

    static MergePolicyDefinition of(Rule rule, Deletes deletes) {
        return new MergePolicyDefinition(rule, new TreeMap<>(), deletes);
    }

    static MergePolicyDefinition typed(Rule rule, Deletes deletes, FieldType type) {
        return typed(rule, deletes, type, "s", "a/t");
    }

    private static MergePolicyDefinition typed(Rule rule, Deletes deletes, FieldType type, String... paths) {
        TreeMap<FieldPath, FieldType> fields = new TreeMap<>();
        for (String path : paths) {
            fields.put(FieldPath.parse('/' + path), type);
        }
        return new MergePolicyDefinition(rule, fields, deletes);
    }

    /** Each type, under each rule, on top and below objects; the ways of deleting take turns. */
    static List<PolicyHistory> typed() {
        List<PolicyHistory> all = new ArrayList<>();
        for (FieldType type : FieldType.values()) {
            if (type != FieldType.COUNTER) {
                all.add(PolicyHistory.of(typed(Rule.LWW, Deletes.values()[all.size() % Deletes.values().length], type)));
                all.add(PolicyHistory.of(typed(Rule.LWW_DOCUMENT, Deletes.values()[all.size() % Deletes.values().length], type)));
                all.add(PolicyHistory.of(typed(Rule.MANUAL, Deletes.values()[all.size() % Deletes.values().length], type)));
            }
        }
        all.add(PolicyHistory.of(typed(Rule.LWW, Deletes.LATER, FieldType.MAX, "a/t", "a/c/u", "a/b/d/v")));
        all.add(PolicyHistory.of(typed(Rule.LWW, Deletes.UPDATE_WINS, FieldType.REMOVE_WINS_SET, "a/t", "a/c/u", "a/b/d/v")));
        return all;
    }

    /** Types that come, change and go while the regions write. */
    static List<PolicyHistory> changingTypes() {
        List<PolicyHistory> all = new ArrayList<>();
        for (FieldType type : FieldType.values()) {
            FieldType next = FieldType.values()[(type.ordinal() + 1) % FieldType.values().length];
            all.add(new PolicyHistory(List.of(of(Rule.LWW, Deletes.LATER), typed(Rule.LWW, Deletes.LATER, type),
                    typed(Rule.LWW, Deletes.LATER, next), of(Rule.LWW_DOCUMENT, Deletes.LATER))));
        }
        return all;
    }

    /** Merges top-level fields by one of {@link FakeMergeLanguage}'s merges. */
    static MergePolicyDefinition custom(String expression, Deletes deletes, String... fields) {
        CustomMerge merge = new CustomMerge(expression, List.of(fields), new CustomMerge.Certificate(List.of("COMMUTATIVITY"), 7, 8, -9));
        return new MergePolicyDefinition(Rule.CUSTOM, new TreeMap<>(), deletes, Optional.of(merge));
    }

    /** One of two fields, and not both: each of two writes may keep it, and their merge break it. */
    static final SchemaDefinition NOT_BOTH = Schemas.parse(
            JsonParser.parse("{\"not\":{\"required\":[\"a\",\"z\"]}}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));

    private static PolicyHistory withSchema(MergePolicyDefinition policy) {
        return new PolicyHistory(List.of(policy), List.of(NOT_BOTH));
    }

    static List<PolicyHistory> all() {
        List<PolicyHistory> all = new ArrayList<>();
        for (Deletes deletes : Deletes.values()) {
            all.add(withSchema(of(Rule.LWW, deletes)));
        }
        all.add(withSchema(of(Rule.LWW_DOCUMENT, Deletes.UPDATE_WINS)));
        for (Deletes deletes : Deletes.values()) {
            all.add(PolicyHistory.of(custom("greatest", deletes, "a", "z")));
        }
        all.add(PolicyHistory.of(custom("never", Deletes.LATER, "z")));
        for (Rule rule : List.of(Rule.LWW, Rule.LWW_DOCUMENT, Rule.MANUAL)) {
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
        return List.of(withSchema(typed(Rule.LWW, Deletes.LATER, FieldType.ADD_WINS_SET)),
                new PolicyHistory(List.of(of(Rule.LWW, Deletes.LATER), of(Rule.LWW, Deletes.LATER), of(Rule.LWW, Deletes.UPDATE_WINS)),
                        List.of(SchemaDefinition.NONE, NOT_BOTH, SchemaDefinition.NONE)),
                PolicyHistory.of(custom("mixed", Deletes.UPDATE_WINS, "a", "z")), // regions agree even on what no laws hold for
                new PolicyHistory(List.of(of(Rule.LWW, Deletes.LATER), of(Rule.MANUAL, Deletes.UPDATE_WINS), of(Rule.LWW, Deletes.LATER))),
                new PolicyHistory(List.of(of(Rule.MANUAL, Deletes.LATER), custom("greatest", Deletes.LATER, "z"))),
                new PolicyHistory(List.of(custom("greatest", Deletes.LATER, "a", "n"), of(Rule.LWW, Deletes.LATER),
                        custom("greatest", Deletes.DELETE_WINS, "z"), of(Rule.LWW_DOCUMENT, Deletes.LATER))),
                new PolicyHistory(List.of(of(Rule.LWW, Deletes.LATER), of(Rule.LWW_DOCUMENT, Deletes.UPDATE_WINS),
                        of(Rule.LWW, Deletes.DELETE_WINS))),
                new PolicyHistory(List.of(of(Rule.LWW_DOCUMENT, Deletes.DELETE_WINS), of(Rule.LWW, Deletes.LATER))));
    }
}
