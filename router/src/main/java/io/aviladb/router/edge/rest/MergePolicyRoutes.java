package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.crdt.policy.LawChecker;
import io.aviladb.crdt.policy.LawVerdict;
import io.aviladb.crdt.policy.MergePolicies;
import io.aviladb.query.eval.MergeExpression;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.OperationIds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Checks a merge policy without using it. */
final class MergePolicyRoutes {
    private final Edge edge;
    private final RequestHeaders headers;

    MergePolicyRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List.of(new Route("checkMergePolicy", HttpMethod.POST, "/v1/databases/{db}/collections/{coll}/mergePolicy/check", Set.of(),
                this::check));
    }

    private CompletableFuture<RestAnswer> check(RestRequest request) {
        JsonValue policy = JsonParser.parse(request.body());
        Optional<String> custom = custom(policy);
        if (custom.isEmpty()) {
            MergePolicies.parse(policy); // refuses what is none
        }
        return edge.definitions().collection(request.collection(), headers.terms(request).deadline())
                .thenApplyAsync(collection -> custom.map(text -> judged(text, request)).orElseGet(MergePolicyRoutes::builtIn));
    }

    /** {@code {"custom": "…"}}, or {@code {"default": {"custom": "…"}}}. */
    private static Optional<String> custom(JsonValue policy) {
        JsonValue inner = policy instanceof JsonObject object && object.members().keySet().equals(Set.of("default"))
                ? object.getOrNull("default")
                : policy;
        return inner instanceof JsonObject object && object.members().keySet().equals(Set.of("custom"))
                && object.getOrNull("custom") instanceof JsonString text ? Optional.of(text.value()) : Optional.empty();
    }

    private static RestAnswer builtIn() {
        return RestAnswer.json(200, Bodies.object("accepted", JsonBoolean.TRUE, "proof", Bodies.text("built in")));
    }

    /** The seed follows from the expression, so that every region tries the same documents. */
    private static RestAnswer judged(String text, RestRequest request) {
        MergeExpression merge = MergeExpression.of(text);
        if (merge.fields().isEmpty()) {
            throw new AvilaError(ErrorCode.INVALID_MERGE_POLICY, "the merge names no field of base, local or remote, as local.score does");
        }
        byte[] hash = OperationIds.digest(merge.canonical().getBytes(StandardCharsets.UTF_8));
        return switch (LawChecker.check(merge::merge, merge.fields(), ByteBuffer.wrap(hash).getLong())) {
            case LawVerdict.Certificate certificate -> RestAnswer.json(200, accepted(merge, hash, certificate));
            case LawVerdict.Counterexample broken -> new RestAnswer(422, refused(broken, request).toJsonBytes(), "application/problem+json",
                    java.util.Map.of(), null, null, 1);
        };
    }

    private static JsonObject accepted(MergeExpression merge, byte[] hash, LawVerdict.Certificate certificate) {
        return Bodies.object("accepted", JsonBoolean.TRUE, "expression", Bodies.text(merge.canonical()), "hash",
                Bodies.text(HexFormat.of().formatHex(hash)), "laws", Bodies.array(List.of(LawVerdict.Law.values()), Bodies::text), "fields",
                Bodies.array(certificate.fields(), Bodies::text), "exhaustiveTriples", JsonNumber.of(certificate.exhaustive()),
                "randomTriples", JsonNumber.of(certificate.random()), "seed", JsonNumber.of(certificate.seed()));
    }

    private static JsonObject refused(LawVerdict.Counterexample broken, RestRequest request) {
        String formula = broken.law().formula();
        AvilaError error = new AvilaError(ErrorCode.MERGE_LAW_BROKEN,
                broken.law().name().toLowerCase(java.util.Locale.ROOT) + ": " + formula + " doesn't hold for x = " + broken.x() + ", y = "
                        + broken.y() + ", z = " + broken.z() + " over base = " + broken.base() + ": left " + broken.left() + ", right "
                        + broken.right());
        return Problems.json(error, request.id()).with("counterexample",
                Bodies.object("law", Bodies.text(broken.law()), "formula", Bodies.text(formula), "base", broken.base(), "documents",
                        JsonArray.of(broken.x(), broken.y(), broken.z()), "left", Bodies.text(broken.left()), "right",
                        Bodies.text(broken.right())));
    }
}
