package io.aviladb.node.range;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.storage.ReadView;
import io.aviladb.storage.head.Head;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Documents as they were at a cut: the versions written at or below it that none of them has seen. */
public final class PastStates {
    private final ReadView view;
    private final HybridTimestamp cut;

    private PastStates(ReadView view, HybridTimestamp cut) {
        this.view = view;
        this.cut = cut;
    }

    /** @throws NodeRefusal where something of the state at the cut may be gone */
    public static PastStates at(HybridTimestamp cut, ReadView view) {
        HybridTimestamp horizon = Horizon.of(view);
        if (cut.compareTo(horizon) < 0) {
            throw NodeRefusal.of(ErrorCode.SNAPSHOT_TOO_OLD,
                    "states before " + horizon + " are no longer kept here, and " + cut + " was asked for");
        }
        return new PastStates(view, cut);
    }

    /** Whether the document has changed since; else its head says what it was. */
    public boolean isOlderThan(Head head) {
        return head.vector().highest().isAfter(cut);
    }

    /** Empty where the document was not there. */
    public LiveVersions of(DocumentKey key) {
        List<LiveVersion> newest = new ArrayList<>();
        Set<RegionIncarnation> regions = new HashSet<>();
        view.scanVersions(key, cut, (document, version, body) -> {
            if (regions.add(version.region())) { // a region's later writes have seen its earlier ones
                newest.add(LiveVersion.decode(body));
            }
            return true;
        });
        return LiveVersions.of(newest);
    }
}
