package io.aviladb.router.loss;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.proto.node.UnconfirmedReply;
import io.aviladb.proto.node.UnconfirmedRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What the groups that answered have of one another.
 *
 * @param coverage per region what the groups there have; a region none of whose groups answered is missing
 * @param incarnations the regions' present lives
 */
record Standing(Map<RegionId, List<UnconfirmedReply.Coverage>> coverage, Map<RegionId, RegionIncarnation> incarnations) {
    /**
     * What the source's group has written of its own above what any of the others is known to have: its keys, cut where that changes.
     *
     * @param own what the group itself has told
     */
    List<UnconfirmedRequest.Part> parts(RegionId source, List<UnconfirmedReply.Coverage> own, Collection<RegionId> others) {
        RegionIncarnation self = incarnations.get(source);
        List<UnconfirmedRequest.Part> parts = new ArrayList<>();
        if (self == null) {
            return parts;
        }
        for (UnconfirmedReply.Coverage piece : own) {
            for (KeyRange keys : cut(piece.keys(), others)) {
                HybridTimestamp reached = HybridTimestamp.ZERO;
                for (RegionId other : others) {
                    reached = reached.max(reached(other, keys, self)).max(acknowledged(piece, other, self));
                }
                parts.add(new UnconfirmedRequest.Part(keys, reached));
            }
        }
        return parts;
    }

    /** What the region says now that it has of the keys. */
    private HybridTimestamp reached(RegionId other, KeyRange keys, RegionIncarnation of) {
        HybridTimestamp reached = HybridTimestamp.ZERO;
        for (UnconfirmedReply.Coverage theirs : coverage.getOrDefault(other, List.of())) {
            if (theirs.keys().covers(keys)) {
                reached = reached.max(theirs.covered().at(of)); // asked while a range moved, two may tell: either was true
            }
        }
        return reached;
    }

    /** What the region had said to the source before. */
    private HybridTimestamp acknowledged(UnconfirmedReply.Coverage piece, RegionId other, RegionIncarnation of) {
        RegionIncarnation by = incarnations.get(other);
        return piece.acknowledged().stream().filter(said -> said.by().equals(by)).map(said -> said.covered().at(of))
                .reduce(HybridTimestamp.ZERO, HybridTimestamp::max);
    }

    /** The interval, cut where one of the regions has other bounds. */
    private List<KeyRange> cut(KeyRange whole, Collection<RegionId> others) {
        TreeSet<byte[]> starts = new TreeSet<>(Arrays::compareUnsigned);
        starts.add(whole.start());
        for (RegionId other : others) {
            for (UnconfirmedReply.Coverage theirs : coverage.getOrDefault(other, List.of())) {
                for (byte[] bound : List.of(theirs.keys().start(), theirs.keys().end())) {
                    if (bound.length > 0 && whole.isInside(bound)) {
                        starts.add(bound);
                    }
                }
            }
        }
        List<KeyRange> pieces = new ArrayList<>();
        for (byte[] start : starts) {
            byte[] next = starts.higher(start);
            pieces.add(new KeyRange(start, next == null ? whole.end() : next));
        }
        return pieces;
    }
}
