package io.aviladb.node.read;

import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.storage.ReadView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who holds a range's deleted documents back. One goes when every region has absorbed its whole vector and has said so in its own feed, in order:
 * what one of them hasn't said is what is waited for.
 */
final class TombstoneReads {
    private TombstoneReads() {
    }

    static HistoryReply.Tombstones read(HistoryRequest.Tombstones request, OwnedRange range, ReadView view, RegionIncarnation self,
            Collection<RegionIncarnation> regions) {
        Map<RegionIncarnation, VersionVector> said = new TreeMap<>();
        Map<RegionIncarnation, VersionVector> acknowledged = range.acknowledged();
        for (RegionIncarnation region : regions) {
            said.put(region, acknowledged.getOrDefault(region, VersionVector.EMPTY));
        }
        said.put(self, range.covered().with(self, view.applied().stamp()));
        Look look = new Look(said);
        boolean[] complete = {true};
        int[] keys = {0};
        view.scanHeads(range.keys(), null, (key, head) -> {
            if (keys[0]++ >= request.maxKeys()) {
                complete[0] = false;
                return false;
            }
            if (head.deleted()) {
                look.at(head.vector());
            }
            return true;
        });
        return new HistoryReply.Tombstones(look.count, complete[0], look.absorbed, look.oldest, look.holders());
    }

    /** What was found so far. */
    private static final class Look {
        private final Map<RegionIncarnation, VersionVector> said;
        private final Map<RegionIncarnation, Map<RegionIncarnation, Integer>> waiting = new TreeMap<>();
        private int count;
        private int absorbed;
        private HybridTimestamp oldest = HybridTimestamp.ZERO;

        Look(Map<RegionIncarnation, VersionVector> said) {
            this.said = said;
        }

        void at(VersionVector vector) {
            count++;
            oldest = count == 1 ? vector.highest() : oldest.min(vector.highest());
            boolean all = true;
            for (Map.Entry<RegionIncarnation, VersionVector> region : said.entrySet()) {
                Map<RegionIncarnation, HybridTimestamp> missing = new HashMap<>();
                vector.forEach((of, stamp) -> {
                    if (region.getValue().at(of).compareTo(stamp) < 0) {
                        missing.put(of, stamp);
                    }
                });
                missing.keySet().forEach(of -> waiting.computeIfAbsent(region.getKey(), r -> new TreeMap<>()).merge(of, 1, Integer::sum));
                all &= missing.isEmpty();
            }
            absorbed += all ? 1 : 0;
        }

        List<HistoryReply.Holder> holders() {
            List<HistoryReply.Holder> holders = new ArrayList<>();
            waiting.forEach((region, each) -> each.forEach((of, tombstones) -> holders.add(new HistoryReply.Holder(region, of,
                    said.getOrDefault(region, VersionVector.EMPTY).at(of), tombstones))));
            return holders;
        }
    }
}
