package io.aviladb.router.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aviladb.core.catalog.CustomMerge;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.crdt.policy.LawChecker;
import io.aviladb.crdt.policy.LawVerdict;
import io.aviladb.crdt.policy.MergePolicies;
import io.aviladb.query.eval.MergeExpression;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** Lets a custom merge into a policy once it has kept the laws on many documents. Takes a second of CPU: never on a thread that serves others. */
public final class MergePolicyJudge {
    private MergePolicyJudge() {
    }

    /**
     * @throws LawBrokenException where a custom merge breaks a law
     * @throws AvilaError where the policy isn't one
     */
    public static MergePolicyDefinition parse(JsonValue policy) {
        return MergePolicies.parse(policy, text -> {
            MergeExpression expression = MergeExpression.of(text);
            if (expression.readsBase()) {
                throw new AvilaError(ErrorCode.NOT_IMPLEMENTED, "a collection's custom merge can't read 'base' yet");
            }
            return judged(expression);
        });
    }

    /**
     * The seed follows from the expression, so that every region tries the same documents.
     *
     * @throws LawBrokenException where it breaks a law
     * @throws AvilaError {@link ErrorCode#INVALID_MERGE_POLICY} where it names no field
     */
    public static CustomMerge judged(MergeExpression merge) {
        if (merge.fields().isEmpty()) {
            throw new AvilaError(ErrorCode.INVALID_MERGE_POLICY, "the merge names no field of base, local or remote, as local.score does");
        }
        return switch (LawChecker.check(merge::merge, merge.fields(), ByteBuffer.wrap(digest(merge.canonical())).getLong())) {
            case LawVerdict.Certificate kept -> new CustomMerge(merge.canonical(), merge.fields(),
                    new CustomMerge.Certificate(Arrays.stream(LawVerdict.Law.values()).map(Enum::name).toList(), kept.exhaustive(),
                            kept.random(), kept.seed()));
            case LawVerdict.Counterexample broken -> throw new LawBrokenException(broken);
        };
    }

    /** Of the expression: two merges have the same hash if they are the same. */
    public static String hash(CustomMerge merge) {
        return HexFormat.of().formatHex(digest(merge.expression()));
    }

    private static byte[] digest(String canonical) {
        return OperationIds.digest(canonical.getBytes(UTF_8));
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_MERGE_POLICY} where a custom merge would change what tells documents apart */
    public static void check(MergePolicyDefinition policy, PartitionStrategy strategy) {
        policy.custom().ifPresent(merge -> {
            if (merge.fields().contains("id")) {
                throw new AvilaError(ErrorCode.INVALID_MERGE_POLICY, "a custom merge can't merge 'id', which is the document's name");
            }
            if (strategy instanceof PartitionStrategy.Fields fields) {
                fields.levels().stream().map(PartitionStrategy.Level::field).filter(merge::merges).findFirst().ifPresent(field -> {
                    throw new AvilaError(ErrorCode.INVALID_MERGE_POLICY,
                            "a custom merge can't merge " + field + ", which is part of the partition key");
                });
            }
        });
    }
}
