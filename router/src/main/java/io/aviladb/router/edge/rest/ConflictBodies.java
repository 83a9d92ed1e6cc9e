package io.aviladb.router.edge.rest;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.Version;
import io.aviladb.crdt.conflict.Conflict;
import io.aviladb.crdt.conflict.ConflictRecord;
import io.aviladb.crdt.conflict.FieldOutcome;
import io.aviladb.crdt.conflict.FieldOutcome.Winner;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.policy.MergePolicies;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.router.topology.ClusterMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Conflicts as JSON. What is said of a conflict, beyond when it was recorded here and whether it is settled, is the same in every region. */
final class ConflictBodies {
    private final CollectionDefinition collection;
    private final ClusterMap map;

    ConflictBodies(CollectionDefinition collection, ClusterMap map) {
        this.collection = collection;
        this.map = map;
    }

    /** An entry of a list: what is overwritten, and by what. */
    JsonObject summary(HistoryReply.Conflict row) {
        ConflictRecord record = ConflictRecord.decode(row.record());
        List<FieldOutcome> lost = record.conflict().fields(collection.policies()).stream().filter(FieldOutcome::isOverwritten).toList();
        return common(row.id(), record.conflict(), lost)
                .with("overwritten", Bodies.array(lost, outcome -> Bodies.text(outcome.path())))
                .with("settled", JsonBoolean.of(row.settled())).with("recordedAt", at(record.recordedAt().millis()));
    }

    private JsonObject common(ConflictId id, Conflict conflict, List<FieldOutcome> lost) {
        boolean byClock = lost.stream().anyMatch(outcome -> conflict.isDecidedByClock(outcome, collection.policies()));
        return Bodies.object("id", Bodies.text(id), "document", document(id.key(), conflict), "sides",
                Bodies.array(List.of(conflict.older(), conflict.newer()), this::side), "rule", rule(conflict), "winner",
                winner(conflict, lost), "clockDecided", JsonBoolean.of(byClock));
    }

    /** All that can be said: every field that the two have differently, and what other policies would have made of them. */
    JsonObject explanation(ConflictId id, Conflict conflict) {
        List<FieldOutcome> fields = conflict.fields(collection.policies());
        JsonObject explained = common(id, conflict, fields.stream().filter(FieldOutcome::isOverwritten).toList());
        return explained.with("fields", Bodies.array(fields, outcome -> field(conflict, outcome)))
                .with("result", body(conflict.result(collection.policies())))
                .with("policies", new JsonArray(otherPolicies(conflict)));
    }

    JsonObject document(DocumentKey key, Conflict conflict) {
        JsonObject document = Bodies.object("id", Bodies.text(key.id()));
        LiveVersion update = conflict.older().isDelete() ? conflict.newer() : conflict.older();
        return collection.strategy() instanceof PartitionStrategy.Fields
                ? document.with("partitionKey", new JsonArray(DocumentKey.partition(collection.strategy(), update.document())))
                : document;
    }

    private JsonObject side(LiveVersion version) {
        LinkedHashMap<String, JsonValue> seen = new LinkedHashMap<>();
        version.vector().forEach((region, stamp) -> {
            if (!region.equals(version.version().region())) {
                seen.put(name(region), Bodies.text(new Version(stamp, region)));
            }
        });
        JsonObject side = Bodies.object("version", Bodies.text(version.version()), "region", Bodies.text(name(version.version().region())),
                "at", at(version.version().stamp().millis()), "kind", Bodies.text(version.isDelete() ? "delete" : "update"), "seen",
                new JsonObject(seen));
        return version.isDelete() ? side : side.with("value", version.document().root());
    }

    private JsonObject rule(Conflict conflict) {
        int number = conflict.policyNumber();
        MergePolicyDefinition policy = collection.policies().at(number);
        JsonObject rule = Bodies.object("number", JsonNumber.of(number), "policy", MergePolicies.toJson(policy));
        if (conflict.breaksSchema(collection.policies())) {
            rule = rule.with("schema",
                    Bodies.text("the merge would break the schema: the older version shows until a write has seen both"));
        }
        JsonObject whole = rule;
        return policy.custom().map(merge -> whole.with("certificate", MergePolicyRoutes.certificate(merge))).orElse(whole);
    }

    private static JsonValue winner(Conflict conflict, List<FieldOutcome> lost) {
        Set<Winner> winners = lost.stream().map(FieldOutcome::winner).collect(Collectors.toSet());
        return winners.size() == 1 ? winner(conflict, winners.iterator().next()) : JsonNull.NULL;
    }

    private static JsonValue winner(Conflict conflict, Winner winner) {
        return switch (winner) {
            case OLDER -> Bodies.text(conflict.older().version());
            case NEWER -> Bodies.text(conflict.newer().version());
            case BOTH -> JsonNull.NULL;
        };
    }

    private JsonObject field(Conflict conflict, FieldOutcome outcome) {
        JsonObject field = Bodies.object("path", Bodies.text(outcome.path()), "candidates",
                Bodies.array(List.of(Winner.OLDER, Winner.NEWER), which -> candidate(conflict, outcome, which)), "rule",
                Bodies.text(why(conflict, outcome)), "winner", winner(conflict, outcome.winner()), "overwritten",
                JsonBoolean.of(outcome.isOverwritten()), "clockDecided",
                JsonBoolean.of(conflict.isDecidedByClock(outcome, collection.policies())));
        return with(field, "result", outcome.result());
    }

    /** A missing value is a missing member: null is a value. */
    private static JsonObject candidate(Conflict conflict, FieldOutcome outcome, Winner which) {
        boolean older = which == Winner.OLDER;
        JsonObject candidate = Bodies.object("version", winner(conflict, which), "written",
                (older ? outcome.olderWrite() : outcome.newerWrite()).map(Bodies::text).orElse(JsonNull.NULL));
        return with(candidate, "value", older ? outcome.older() : outcome.newer());
    }

    private static JsonObject with(JsonObject object, String name, Optional<JsonValue> value) {
        return value.map(present -> object.with(name, present)).orElse(object);
    }

    private String why(Conflict conflict, FieldOutcome outcome) {
        MergePolicyDefinition policy = collection.policies().at(conflict.policyNumber());
        if (outcome.path().isRoot()) {
            return switch (policy.deletes()) {
                case LATER -> "of a delete and an update the newer one stands";
                case DELETE_WINS -> "a delete wins over an update that it has not seen";
                case UPDATE_WINS -> "an update wins over a delete that has not seen it";
            };
        }
        if (!outcome.isOverwritten()) {
            return "only one of the two wrote it, or what both wrote adds up";
        }
        if (conflict.isCustom(outcome.path(), collection.policies())) {
            return "the collection's custom merge gave this";
        }
        return outcome.winner() == Winner.BOTH ? "the newer write lies inside or around the other" : switch (policy.rule()) {
            case LWW -> "of two writes of a field the newer one stands";
            case CUSTOM -> "the custom merge doesn't say; of two writes of a field the newer one stands";
            case MANUAL -> "somebody has to resolve them; until then the newer one shows, whole";
            case LWW_DOCUMENT -> "of two writes of the document the newer one stands, whole";
        };
    }

    /** Where one side deletes, the ways of deleting tell; elsewhere the rules do. */
    private List<JsonValue> otherPolicies(Conflict conflict) {
        MergePolicyDefinition policy = collection.policies().at(conflict.policyNumber());
        List<JsonValue> others = new ArrayList<>();
        if (conflict.older().isDelete() || conflict.newer().isDelete()) {
            for (Deletes deletes : Deletes.values()) {
                others.add(other("deletes", Bodies.text(MergePolicies.word(deletes)), conflict,
                        new MergePolicyDefinition(policy.rule(), policy.fields(), deletes, policy.custom())));
            }
        } else {
            for (Rule rule : List.of(Rule.LWW, Rule.LWW_DOCUMENT)) {
                others.add(other("default", Bodies.text(MergePolicies.word(rule)), conflict,
                        new MergePolicyDefinition(rule, policy.fields(), policy.deletes())));
            }
            policy.custom()
                    .ifPresent(merge -> others.add(other("default", MergePolicies.toJson(policy).getOrNull("default"), conflict, policy)));
        }
        return others;
    }

    private static JsonObject other(String member, @Nullable JsonValue value, Conflict conflict, MergePolicyDefinition policy) {
        return Bodies.object(member, Objects.requireNonNull(value), "result", body(conflict.result(policy)));
    }

    static JsonValue body(Optional<Document> document) {
        return document.<JsonValue>map(Document::root).orElse(JsonNull.NULL);
    }

    private String name(RegionIncarnation region) {
        return map.region(region).map(RegionId::name).orElse("#" + region);
    }

    private static JsonValue at(long millis) {
        return Bodies.text(Instant.ofEpochMilli(millis));
    }
}
