package io.aviladb.crdt.conflict;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.crdt.conflict.FieldOutcome.Winner;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.crdt.policy.CustomFold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Two versions of a document, neither of which has seen the other, as their regions wrote them. What becomes of the two follows from them and
 * from the policy with the highest number that they name, whichever other versions there are.
 *
 * @param newer the version with the higher name
 */
public record Conflict(LiveVersion older, LiveVersion newer) {
    /**
     * Stamps that are closer than this say nothing of what happened first: clocks of different regions may differ by as much. It doesn't depend
     * on a node's configuration, so that every region says the same of a conflict.
     */
    public static final Duration CLOCK_BOUND = Duration.ofMillis(500);

    public Conflict {
        if (older.version().compareTo(newer.version()) >= 0 || !areConcurrent(older, newer)) {
            throw new IllegalArgumentException(older + " and " + newer + " are no conflict");
        }
    }

    /** In either order. @throws IllegalArgumentException where one has seen the other */
    public static Conflict of(LiveVersion a, LiveVersion b) {
        return a.version().compareTo(b.version()) < 0 ? new Conflict(a, b) : new Conflict(b, a);
    }

    /** Whether neither has seen the other. */
    public static boolean areConcurrent(LiveVersion a, LiveVersion b) {
        return !a.vector().covers(b.version()) && !b.vector().covers(a.version());
    }

    /** The number of the policy that judges. */
    public int policyNumber() {
        return Math.max(older.policy(), newer.policy());
    }

    /** What a reader of the two sees; empty where it is deleted. */
    public Optional<Document> result(PolicyHistory policies) {
        return LiveVersions.of(List.of(older, newer)).read(policies);
    }

    /** Whether a merge of the two would break the schema, so that only one of them shows. */
    public boolean breaksSchema(PolicyHistory policies) {
        return LiveVersions.of(List.of(older, newer)).keepsOld(policies);
    }

    /** What a reader would see by another policy. */
    public Optional<Document> result(MergePolicyDefinition policy) {
        return LiveVersions.of(List.of(older, newer)).read(policy);
    }

    /** Whether something that one of the two wrote is lost. Two deletes, two equal values and changes of different fields lose nothing. */
    public boolean overwrites(PolicyHistory policies) {
        return breaksSchema(policies) || overwrites(policies.at(policyNumber()));
    }

    /** As above, if the policy judged. */
    public boolean overwrites(MergePolicyDefinition policy) {
        return !walk(policy, outcome -> !outcome.isOverwritten());
    }

    /** The fields that the two have differently. */
    public List<FieldOutcome> fields(PolicyHistory policies) {
        List<FieldOutcome> fields = new ArrayList<>();
        walk(policies.at(policyNumber()), fields::add);
        return fields;
    }

    private boolean walk(MergePolicyDefinition policy, Predicate<FieldOutcome> visitor) {
        if (older.isDelete() && newer.isDelete() || older.isExpiry() || newer.isExpiry()) {
            return true; // nobody wrote what an expiry loses
        }
        Optional<Document> result = result(policy);
        if (older.isDelete() || newer.isDelete()) {
            Winner winner = older.isDelete() == result.isEmpty() ? Winner.OLDER : Winner.NEWER;
            return visitor.test(new FieldOutcome(FieldPath.ROOT, whole(older), whole(newer), Optional.of(older.version()),
                    Optional.of(newer.version()), result.map(Document::root), winner));
        }
        return new FieldWalk(older, newer, policy, visitor).walk(result.map(Document::root).orElse(JsonObject.EMPTY));
    }

    private static Optional<JsonValue> whole(LiveVersion version) {
        return version.isDelete() ? Optional.empty() : Optional.of(version.document().root());
    }

    /**
     * Whether clocks that may be wrong decided: the field went by the higher stamp, and the stamps are no further apart than {@link
     * #CLOCK_BOUND}.
     */
    public boolean isDecidedByClock(FieldOutcome outcome, PolicyHistory policies) {
        if (!outcome.isOverwritten() || outcome.winner() == Winner.BOTH) {
            return false;
        }
        if (isCustom(outcome.path(), policies)) {
            return false;
        }
        boolean byStamp = !outcome.path().isRoot() || policies.at(policyNumber()).deletes() == MergePolicyDefinition.Deletes.LATER;
        long apart = Math.abs(outcome.olderWrite().orElseThrow().stamp().millis() - outcome.newerWrite().orElseThrow().stamp().millis());
        return byStamp && apart <= CLOCK_BOUND.toMillis();
    }

    /** Whether a custom merge says what becomes of the field: it merges it, and has a result for these two. */
    public boolean isCustom(FieldPath path, PolicyHistory policies) {
        return policies.at(policyNumber()).custom()
                .filter(merge -> merge.merges(path) && !older.isDelete() && !newer.isDelete()
                        && CustomFold.of(merge, List.of(older.document().root(), newer.document().root())).isPresent())
                .isPresent();
    }

    public void write(ByteWriter out) {
        out.writeBytes(older.encode()).writeBytes(newer.encode());
    }

    /** @throws MalformedBytesException where the bytes are no conflict */
    public static Conflict read(ByteReader in) {
        try {
            return new Conflict(LiveVersion.decode(in.readBytes()), LiveVersion.decode(in.readBytes()));
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException("a conflict is damaged: " + e.getMessage());
        }
    }
}
