package io.aviladb.router.edge.rest;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.SchemaDefinition;
import io.aviladb.core.catalog.SchemaDefinition.Action;
import io.aviladb.core.catalog.SchemaDefinition.Level;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.crdt.schema.Schema;
import io.aviladb.crdt.schema.SchemaViolation;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.ListTokens;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.scatter.ListPage;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.session.EntityTag;
import com.linecorp.armeria.common.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Which documents break the collection's schema: those that were there before it, and those that were let in with a warning. */
final class SchemaRoutes {
    /** Tells of a document that was written and breaks the schema, where the schema only warns. */
    private static final String WARNING = "x-aviladb-warning";
    private static final int MAX_WARNING = 1_000;

    private final Edge edge;
    private final RequestHeaders headers;

    SchemaRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List.of(new Route("listSchemaViolations", HttpMethod.GET, "/v1/databases/{db}/collections/{coll}/schema/violations",
                Set.of("pageSize", "continuationToken"), this::violations));
    }

    private CompletableFuture<RestAnswer> violations(RestRequest request) {
        RequestTerms terms = headers.terms(request);
        int pageSize = request.parameter("pageSize").map(DocumentRoutes::pageSize).orElse(ListQuery.DEFAULT_PAGE_SIZE);
        return edge.definitions().collection(request.collection(), terms.deadline()).thenCompose(collection -> {
            KeyRange interval = KeyRange.collection(collection.id());
            ListTokens tokens = new ListTokens(edge.tokens(), interval, ListQuery.Scope.LOCAL);
            Optional<DocumentKey> after = tokens.read(request.parameter("continuationToken").orElse(""));
            return edge.snapshots().chosen(terms, collection.id(), interval).thenCompose(at -> edge.listing()
                    .list(new ListQuery(collection.id(), interval, after, pageSize, ListQuery.Scope.LOCAL, true, at.region(),
                            at.consistency(), at.demand(), at.deadline()))
                    .thenApply(page -> RestAnswer.json(200, broken(page, collection.schema(), tokens.write(page.next())))
                            .with(edge.snapshots().headers(at))
                            .from(at.token().join(page.seen()), page.served(), Math.max(1, page.rows().size()))));
        });
    }

    private static JsonObject broken(ListPage page, SchemaDefinition schema, String continuation) {
        List<JsonValue> documents = new ArrayList<>();
        for (var row : page.rows()) {
            List<SchemaViolation> violations = schema.isNone() ? List.of() : Schema.of(schema).check(Document.ofCanonical(row.json()));
            if (!violations.isEmpty()) {
                documents.add(Bodies.object("id", Bodies.text(row.key().id()), "etag", Bodies.text(EntityTag.of(row.vector())),
                        "violations", toJson(violations)));
            }
        }
        return Bodies.object("documents", new JsonArray(documents), "checked", JsonNumber.of(page.rows().size()), "continuationToken",
                continuation.isEmpty() ? JsonNull.NULL : Bodies.text(continuation));
    }

    static JsonArray toJson(List<SchemaViolation> violations) {
        return Bodies.array(violations, one -> Bodies.object("pointer", new JsonString(one.pointer()), "keyword",
                new JsonString(one.keyword()), "message", new JsonString(one.message())));
    }

    /** What the written document breaks, where the schema only warns; null for nothing. A patch's result isn't known here: the list of violations has it. */
    static @Nullable JsonArray warning(CollectionDefinition collection, JsonObject body, String id) {
        SchemaDefinition schema = collection.schema();
        if (schema.isNone() || schema.level() == Level.OFF || schema.action() != Action.WARN) {
            return null;
        }
        JsonObject whole = body.getOrNull("id") == null ? body.with("id", new JsonString(id)) : body;
        List<SchemaViolation> violations = Schema.of(schema).check(Document.of(whole));
        return violations.isEmpty() ? null : toJson(violations);
    }

    /** The warning as a header. */
    static Map<String, String> header(@Nullable JsonArray warning) {
        if (warning == null) {
            return Map.of();
        }
        StringBuilder text = new StringBuilder(ErrorCode.SCHEMA_VIOLATION.code()).append(' ');
        warning.toJson().chars().limit(MAX_WARNING).forEach(c -> text.append(c < ' ' || c > '~' ? '?' : (char) c));
        return Map.of(WARNING, text.toString());
    }
}
