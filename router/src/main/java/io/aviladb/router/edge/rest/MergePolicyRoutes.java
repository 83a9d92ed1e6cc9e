package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.catalog.CustomMerge;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.crdt.policy.LawVerdict;
import io.aviladb.crdt.policy.MergePolicies;
import io.aviladb.query.eval.MergeExpression;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.MergePolicyJudge;
import java.util.List;
import java.util.Map;
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
        return edge.definitions().collection(request.collection(), headers.terms(request).deadline())
                .thenApplyAsync(collection -> {
                    if (custom.isPresent()) {
                        return RestAnswer.json(200, accepted(MergePolicyJudge.judged(MergeExpression.of(custom.get()))));
                    }
                    Optional<CustomMerge> merge = MergePolicyJudge.parse(policy).custom();
                    return RestAnswer.json(200, merge.map(MergePolicyRoutes::accepted).orElseGet(() -> Bodies.object("accepted",
                            JsonBoolean.TRUE, "proof", Bodies.text("built in"))));
                });
    }

    /** {@code {"custom": "…"}}, or {@code {"default": {"custom": "…"}}}. */
    private static Optional<String> custom(JsonValue policy) {
        JsonValue inner = policy instanceof JsonObject object && object.members().keySet().equals(Set.of("default"))
                ? object.getOrNull("default")
                : policy;
        return inner == null ? Optional.empty() : MergePolicies.expression(inner);
    }

    private static JsonObject accepted(CustomMerge merge) {
        JsonObject answer = Bodies.object("accepted", JsonBoolean.TRUE, "expression", Bodies.text(merge.expression()));
        for (Map.Entry<String, JsonValue> member : certificate(merge).members().entrySet()) {
            answer = answer.with(member.getKey(), member.getValue());
        }
        return answer;
    }

    /** What a custom merge was tried on. */
    static JsonObject certificate(CustomMerge merge) {
        CustomMerge.Certificate certificate = merge.certificate();
        return Bodies.object("hash", Bodies.text(MergePolicyJudge.hash(merge)), "laws", Bodies.array(certificate.laws(), Bodies::text),
                "fields", Bodies.array(merge.fields(), Bodies::text), "exhaustiveTriples", JsonNumber.of(certificate.exhaustive()),
                "randomTriples", JsonNumber.of(certificate.random()), "seed", JsonNumber.of(certificate.seed()));
    }

    static JsonObject counterexample(LawVerdict.Counterexample broken) {
        return Bodies.object("law", Bodies.text(broken.law()), "formula", Bodies.text(broken.law().formula()), "base", broken.base(),
                "documents", JsonArray.of(broken.x(), broken.y(), broken.z()), "left", Bodies.text(broken.left()), "right",
                Bodies.text(broken.right()));
    }
}
