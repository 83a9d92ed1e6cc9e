package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.catalog.SchemaDefinition;
import io.aviladb.core.document.Document;
import io.aviladb.core.version.VersionVector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A document: the versions that no other version has seen, at most one per region incarnation. Joining two replicas' sets is the union
 * without the dominated: commutative, associative, idempotent. Immutable.
 */
public final class LiveVersions {
    public static final LiveVersions EMPTY = new LiveVersions(List.of());

    private final List<LiveVersion> versions; // ascending by version, none dominated

    private LiveVersions(List<LiveVersion> versions) {
        this.versions = versions;
    }

    /** The set of these, without the dominated. */
    public static LiveVersions of(List<LiveVersion> versions) {
        LiveVersions set = EMPTY;
        for (LiveVersion version : versions) {
            set = set.join(version);
        }
        return set;
    }

    public static LiveVersions of(LiveVersion version) {
        return new LiveVersions(List.of(version));
    }

    /** Ascending by version; unmodifiable. */
    public List<LiveVersion> versions() {
        return versions;
    }

    public boolean isEmpty() {
        return versions.isEmpty();
    }

    /** The join of all vectors. */
    public VersionVector vector() {
        if (versions.size() == 1) {
            return versions.get(0).vector();
        }
        VersionVector joined = VersionVector.EMPTY;
        for (LiveVersion version : versions) {
            joined = joined.join(version.vector());
        }
        return joined;
    }

    public LiveVersions join(LiveVersion other) {
        if (versions.isEmpty()) {
            return of(other);
        }
        List<LiveVersion> joined = new ArrayList<>(versions.size() + 1);
        LiveVersion added = other;
        for (LiveVersion mine : versions) {
            if (mine.version().equals(added.version())) {
                added = moreForgotten(mine, added);
            } else if (added.isDominatedBy(mine)) {
                return this; // what it has seen, this has seen
            } else if (!mine.isDominatedBy(added)) {
                joined.add(mine);
            }
        }
        joined.add(added);
        joined.sort(Comparator.comparing(LiveVersion::version));
        return new LiveVersions(List.copyOf(joined));
    }

    public LiveVersions join(LiveVersions other) {
        LiveVersions joined = this;
        for (LiveVersion version : other.versions) {
            joined = joined.join(version);
        }
        return joined;
    }

    /**
     * The join of two heads. A version that one side lacks although its vector covers it was superseded or forgotten there, and goes here
     * too: a side's vector says more than its versions do.
     */
    public static LiveVersions join(LiveVersions a, VersionVector aVector, LiveVersions b, VersionVector bVector) {
        return a.without(b, bVector).join(b.without(a, aVector));
    }

    /** The versions that the other side has, or has not yet seen. */
    private LiveVersions without(LiveVersions other, VersionVector otherVector) {
        List<LiveVersion> kept = new ArrayList<>(versions.size());
        for (LiveVersion mine : versions) {
            boolean there = other.versions.stream().anyMatch(version -> version.version().equals(mine.version()));
            if (there || !otherVector.covers(mine.version())) {
                kept.add(mine);
            }
        }
        return kept.size() == versions.size() ? this : new LiveVersions(List.copyOf(kept));
    }

    /** Of two forms of one version the one that stands for more: at stability a set becomes its merged body under its highest name. */
    private static LiveVersion moreForgotten(LiveVersion a, LiveVersion b) {
        if (!a.vector().equals(b.vector())) {
            return a.vector().covers(b.vector()) ? a : b;
        }
        return a.root().compareTo(b.root()) >= 0 ? a : b;
    }

    /** The policy that this set is read by: the newest that one of its versions names (S16). */
    public MergePolicyDefinition policy(PolicyHistory policies) {
        return policies.at(policyNumber());
    }

    /** The schema that a merge of this set has to keep. */
    SchemaDefinition schema(PolicyHistory policies) {
        return policies.schemaAt(policyNumber());
    }

    /** Whether what a reader sees is one version alone, since the merge of all would break the schema. */
    public boolean keepsOld(PolicyHistory policies) {
        return isConflict() && schema(policies).isEnforced() && !isDeleted(policies) && SchemaGuard.of(this, policies).keepsOld();
    }

    private int policyNumber() {
        int newest = 0;
        for (LiveVersion version : versions) {
            newest = Math.max(newest, version.policy());
        }
        return newest;
    }

    /**
     * What a reader sees; empty where there is nothing or a delete decides: a whole document or none, never a fragment (S11). A single
     * version's body is returned unparsed.
     *
     * @throws IllegalArgumentException where a version names a policy that is not among these
     */
    public Optional<Document> read(PolicyHistory policies) {
        return isConflict() && schema(policies).isEnforced() && !isDeleted(policies)
                ? Optional.of(Document.ofCanonical(SchemaGuard.of(this, policies).state().json()))
                : read(policy(policies));
    }

    /** What a reader would see by the policy, whichever the versions name, and without a schema. */
    public Optional<Document> read(MergePolicyDefinition policy) {
        if (isDeleted(policy)) {
            return Optional.empty();
        }
        if (versions.size() == 1) {
            return Optional.of(versions.get(0).document());
        }
        return Optional.of(Document.ofCanonical(MergedState.of(this, policy).json()));
    }

    /** Whether a reader sees nothing. */
    public boolean isDeleted(PolicyHistory policies) {
        return isDeleted(policy(policies));
    }

    boolean isDeleted(MergePolicyDefinition policy) {
        List<LiveVersion> written = written();
        return versions.isEmpty() || switch (policy.deletes()) {
            case LATER -> written.get(written.size() - 1).isDelete();
            case DELETE_WINS -> written.stream().anyMatch(LiveVersion::isDelete);
            case UPDATE_WINS -> written.stream().allMatch(LiveVersion::isDelete);
        };
    }

    /** The versions without those that somebody's clock made, where there are others: an expiry that hasn't seen a write gives way to it. */
    private List<LiveVersion> written() {
        if (versions.size() < 2 || versions.stream().noneMatch(LiveVersion::isExpiry)
                || versions.stream().allMatch(LiveVersion::isExpiry)) {
            return versions;
        }
        return versions.stream().filter(version -> !version.isExpiry()).toList();
    }

    /** Whether two regions wrote without having seen one another. */
    public boolean isConflict() {
        return versions.size() > 1;
    }

    /**
     * What remains when every version here is stable (its whole vector absorbed everywhere, and known to be): the merged body as one
     * version under the highest name, with the joined vector, without the cells' stamps, with its counters. Empty where it reads as
     * deleted; the same set where its merge breaks the schema. Sets are forgotten as a whole (S40), and a version is stable only when its whole vector is (S39): the caller sees to both.
     */
    public LiveVersions collapse(PolicyHistory policies) {
        if (isDeleted(policies)) {
            return EMPTY;
        }
        LiveVersion highest = versions.get(versions.size() - 1);
        if (versions.size() == 1 && highest.cells().isEmpty() && highest.fields().isEmpty() && highest.root().equals(highest.version())) {
            return this;
        }
        MergePolicyDefinition policy = policy(policies);
        SchemaGuard shown = SchemaGuard.of(this, policies);
        if (shown.keepsOld()) {
            return this; // until somebody writes: what a write gives up here, it must have seen
        }
        MergedState state = shown.state();
        return of(new LiveVersion(highest.version(), vector(), false, state.json(), highest.version(), Cells.EMPTY, state.counters(),
                state.forgotten(highest.version(), policy), policyNumber()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LiveVersions that && versions.equals(that.versions);
    }

    @Override
    public int hashCode() {
        return versions.hashCode();
    }

    @Override
    public String toString() {
        return versions.toString();
    }
}
