package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.Limits;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.Mutation;

/** A write makes a version: pure, total, the same on every replica. Preconditions, names and keys are the caller's. */
public final class Mutator {
    private Mutator() {
    }

    /**
     * The version that the mutation makes of what is there.
     *
     * @param seen the live versions of the key's head
     * @param seenVector the head's vector (without a head: what was forgotten in the interval); joined with the versions' own
     * @param onBase whether a put is the difference from what is there (it came with If-Match, and matched)
     * @param stamp above every stamp that the document and the session have seen (S1)
     * @param policies what is there is read by the policy that its versions name; the write follows the newest, and names it
     * @throws AvilaError {@link ErrorCode#INVALID_PATCH}, {@link ErrorCode#FIELD_TYPE_MISMATCH}, {@link ErrorCode#DOCUMENT_NOT_FOUND} for a patch of nothing,
     *         {@link ErrorCode#DOCUMENT_TOO_LARGE} or {@link ErrorCode#TOO_DEEP}; nothing has happened then
     * @throws IllegalArgumentException where the stamp does not lie above what was seen
     */
    public static LiveVersion apply(LiveVersions seen, VersionVector seenVector, Mutation mutation, boolean onBase, Version stamp,
            PolicyHistory policies) {
        VersionVector context = seen.isEmpty() ? seenVector : seenVector.join(seen.vector());
        if (stamp.stamp().compareTo(context.highest()) <= 0) {
            throw new IllegalArgumentException("stamp " + stamp + " does not lie above what it has seen: " + context);
        }
        VersionVector vector = context.with(stamp.region(), stamp.stamp());
        return switch (mutation) {
            case Mutation.Put put when onBase && !seen.isDeleted(policies) -> difference(seen, put.json(), vector, stamp, policies);
            case Mutation.Put put -> replace(seen, put.json(), vector, stamp, policies);
            case Mutation.Patch patch -> {
                Draft draft = draft(seen, stamp, policies);
                PatchSteps.apply(draft, patch.operations());
                yield draft.version(vector);
            }
            case Mutation.MergePatch patch -> {
                Draft draft = draft(seen, stamp, policies);
                MergePatches.apply(draft, object(patch.json()));
                yield draft.version(vector);
            }
            case Mutation.Delete delete -> LiveVersion.delete(stamp, vector, Counters.noted(seen), policies.number());
        };
    }

    /** The delete of a document that has expired, under the stamp. */
    public static LiveVersion expire(LiveVersions seen, VersionVector seenVector, Version stamp, PolicyHistory policies) {
        VersionVector context = seenVector.join(seen.vector());
        if (stamp.stamp().compareTo(context.highest()) <= 0) {
            throw new IllegalArgumentException("stamp " + stamp + " does not lie above what it has seen: " + context);
        }
        return LiveVersion.expiry(stamp, context.with(stamp.region(), stamp.stamp()), Counters.noted(seen), policies.number());
    }

    /** The whole document: no cell is kept. What regions have counted so far no longer counts. */
    private static LiveVersion replace(LiveVersions seen, byte[] json, VersionVector vector, Version stamp, PolicyHistory policies) {
        return new LiveVersion(stamp, vector, false, fitting(json), stamp, Cells.EMPTY, Counters.noted(seen),
                restated(seen, json, stamp, policies),
                policies.number());
    }

    /** Only where the policy has such types is the body parsed: the values have to fit, and the put states all of them. */
    private static Fields restated(LiveVersions seen, byte[] json, Version stamp, PolicyHistory policies) {
        MergePolicyDefinition policy = policies.current();
        boolean removes = policy.fields().containsValue(FieldType.REMOVE_WINS_SET) && !seen.isDeleted(policies);
        TypedDraft typed = removes
                ? new TypedDraft(MergedState.of(seen, seen.policy(policies)), seen.policy(policies), policy, stamp)
                : new TypedDraft(policy, stamp);
        if (typed.isEmpty()) {
            return Fields.EMPTY;
        }
        JsonObject body = object(json);
        typed.wrote(FieldPath.ROOT, body);
        return typed.fields(body, path -> stamp, true);
    }

    private static LiveVersion difference(LiveVersions seen, byte[] json, VersionVector vector, Version stamp,
            PolicyHistory policies) {
        Draft draft = draft(seen, stamp, policies);
        Differences.apply(draft, object(json), policies.current());
        return draft.version(vector, fitting(json)); // as it was written: the order of its members too
    }

    private static Draft draft(LiveVersions seen, Version stamp, PolicyHistory policies) {
        if (seen.isDeleted(policies)) {
            throw new AvilaError(ErrorCode.DOCUMENT_NOT_FOUND, "there is no document to patch");
        }
        SchemaGuard shown = SchemaGuard.of(seen, policies);
        return new Draft(shown.state(), seen.policy(policies), stamp, policies, shown.keepsOld());
    }

    private static JsonObject object(byte[] json) {
        if (JsonParser.parse(json) instanceof JsonObject object) {
            return object;
        }
        throw new AvilaError(ErrorCode.NOT_AN_OBJECT, "a document is a JSON object");
    }

    static byte[] fitting(byte[] json) {
        if (json.length > Limits.MAX_DOCUMENT_BYTES) {
            throw new AvilaError(ErrorCode.DOCUMENT_TOO_LARGE,
                    "the document has " + json.length + " bytes of canonical JSON; the limit is " + Limits.MAX_DOCUMENT_BYTES);
        }
        return json;
    }
}
