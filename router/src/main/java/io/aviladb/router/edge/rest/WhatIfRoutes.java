package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.crdt.conflict.Conflict;
import io.aviladb.crdt.conflict.ConflictRecord;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.edge.MergePolicyJudge;
import io.aviladb.router.edge.OperationIds;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.scatter.ConflictLister;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What another merge policy would have made of the conflicts that are recorded. Changes nothing. */
final class WhatIfRoutes {
    private static final byte[] LISTING = {'w'};

    private final Edge edge;
    private final RequestHeaders headers;

    WhatIfRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List.of(new Route("whatIfMergePolicy", HttpMethod.POST, "/v1/databases/{db}/collections/{coll}/mergePolicy/whatif",
                Set.of("since", "pageSize", "continuationToken"), this::whatIf));
    }

    private CompletableFuture<RestAnswer> whatIf(RestRequest request) {
        byte[] body = request.body();
        JsonValue json = JsonParser.parse(body);
        int pageSize = request.parameter("pageSize").map(ConflictRoutes::pageSize).orElse(ListQuery.DEFAULT_PAGE_SIZE);
        HybridTimestamp since = request.parameter("since").map(ConflictRoutes::since).orElse(HybridTimestamp.ZERO);
        RequestTerms terms = headers.terms(request);
        return edge.definitions().collection(request.collection(), terms.deadline()).thenCompose(collection -> {
            KeyRange interval = KeyRange.collection(collection.id());
            byte[] listing = OperationIds.digest(interval.start(), LISTING, body);
            Optional<ConflictId> after = request.parameter("continuationToken").filter(token -> !token.isEmpty())
                    .map(token -> ConflictId.decode(edge.tokens().queryContinuation(token, listing)));
            ConflictLister.Query query = new ConflictLister.Query(interval, after, since, pageSize, terms.region(), terms.consistency(),
                    terms.demand(), terms.deadline());
            return CompletableFuture.supplyAsync(() -> candidate(json, collection))
                    .thenCompose(candidate -> edge.history().conflicts(query).thenApply(page -> {
                        String next = page.next().map(id -> edge.tokens().queryContinuation(listing, id.encode())).orElse("");
                        CollectionDefinition known = ConflictRoutes.known(collection, page.rows());
                        RestAnswer answer = RestAnswer.json(200,
                                report(known, page.rows(), candidate).with("continuationToken", Bodies.text(next)));
                        return answer.from(ConflictRoutes.seen(terms.token(), page.rows()), page.served(),
                                Math.max(1, (answer.body().length + 4_095) / 4_096));
                    }));
        });
    }

    private static MergePolicyDefinition candidate(JsonValue json, CollectionDefinition collection) {
        MergePolicyDefinition candidate = MergePolicyJudge.parse(json);
        MergePolicyJudge.check(candidate, collection.strategy());
        return candidate;
    }

    private JsonObject report(CollectionDefinition collection, List<HistoryReply.Conflict> rows, MergePolicyDefinition candidate) {
        ConflictBodies bodies = new ConflictBodies(collection, edge.tracker().map());
        List<JsonValue> differ = new ArrayList<>();
        Set<JsonValue> documents = new LinkedHashSet<>();
        for (HistoryReply.Conflict row : rows) {
            Conflict conflict = ConflictRecord.decode(row.record()).conflict();
            Optional<Document> now = conflict.result(collection.policies());
            Optional<Document> then = conflict.result(candidate);
            List<String> fields = differences(now, then);
            boolean byHand = candidate.rule() == Rule.MANUAL && conflict.overwrites(candidate);
            if (byHand || !fields.isEmpty()) {
                JsonObject document = bodies.document(row.id().key(), conflict);
                documents.add(document);
                differ.add(Bodies.object("conflict", Bodies.text(row.id()), "document", document, "settled", JsonBoolean.of(row.settled()),
                        "fields", Bodies.array(fields, Bodies::text), "now", ConflictBodies.body(now), "then", ConflictBodies.body(then),
                        "byHand", JsonBoolean.of(byHand)));
            }
        }
        return Bodies.object("conflicts", JsonNumber.of(rows.size()), "documents", JsonNumber.of(documents.size()), "differ",
                Bodies.array(differ, one -> one));
    }

    /** Paths of the top-level fields that differ; the root's, the empty one, where one of the two is a delete. */
    private static List<String> differences(Optional<Document> now, Optional<Document> then) {
        if (now.isEmpty() || then.isEmpty()) {
            return now.isEmpty() && then.isEmpty() ? List.of() : List.of("");
        }
        JsonObject before = now.get().root();
        JsonObject after = then.get().root();
        Set<String> names = new LinkedHashSet<>(before.members().keySet());
        names.addAll(after.members().keySet());
        return names.stream().filter(name -> !before.get(name).equals(after.get(name)))
                .map(name -> FieldPath.of(name).toString()).toList();
    }
}
