package io.aviladb.router.verify;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.StateDigest;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a region's replicas hold of an interval: an answer of each, for each range that touches it. */
record RegionPart(RegionId region, List<Piece> pieces) {
    /** A replica's answer, or why there is none. */
    record Replica(NodeId node, HistoryReply.@Nullable Digest answer, @Nullable AvilaError failure) {
        boolean holds(StateDigest digest) {
            return answer != null && answer.digest().equals(digest);
        }
    }

    /** What one range has of the interval. @param replicas the leader first, where it is known */
    record Piece(KeyRange keys, Topology.Range range, List<Replica> replicas) {
        /** The first replica of those, the most, that say the same; absent where none has answered. */
        Optional<Replica> representative() {
            Map<StateDigest, Integer> votes = new HashMap<>();
            for (Replica replica : replicas) {
                if (replica.answer != null) {
                    votes.merge(replica.answer.digest(), 1, Integer::sum);
                }
            }
            int most = votes.values().stream().max(Integer::compare).orElse(0);
            return replicas.stream().filter(replica -> replica.answer != null && votes.getOrDefault(replica.answer.digest(), 0) == most)
                    .findFirst();
        }

        /** Replicas that hold something else. */
        List<Replica> deviating() {
            Optional<Replica> right = representative();
            return replicas.stream().filter(replica -> replica.answer != null && right.isPresent() && right.get().answer != null
                    && !replica.holds(right.get().answer.digest())).toList();
        }
    }

    /** Of the whole interval; absent where some of it nobody has told. */
    Optional<StateDigest> digest() {
        StateDigest sum = StateDigest.EMPTY;
        for (Piece piece : pieces) {
            Optional<Replica> one = piece.representative();
            if (one.isEmpty() || one.get().answer == null) {
                return Optional.empty();
            }
            sum = sum.plus(one.get().answer.digest());
        }
        return Optional.of(sum);
    }
}
