package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.version.VersionVector;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.proto.node.ScanRequest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads a region's documents two at a time, over and over, while its ranges are cut anew and the router's map is old at times. */
final class WorldScanner {
    private static final ReadTerms TERMS = new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 1_000);

    private final RegionReplica region;
    private final Supplier<List<OwnedRange>> believed;
    private byte[] from = RegionReplica.ALL.start();
    private Optional<DocumentKey> after = Optional.empty();
    private Set<String> throughout = new HashSet<>(); // alive since the scan began
    private final Set<String> seen = new HashSet<>();
    private @Nullable DocumentKey last;
    private @Nullable RangeMachine machine;
    private @Nullable GroupReader reader; // of the machine

    /** @param believed the router's map */
    WorldScanner(RegionReplica region, Supplier<List<OwnedRange>> believed) {
        this.region = region;
        this.believed = believed;
        this.throughout = alive();
    }

    private Set<String> alive() {
        Set<String> alive = new HashSet<>();
        region.store().scanHeads(RegionReplica.ALL, null, (key, head) -> head.deleted() || alive.add(key.id()));
        return alive;
    }

    void step(Random random) {
        throughout.retainAll(alive());
        if (random.nextInt(4) > 0) {
            return;
        }
        boolean stale = !page(believed.get());
        if (stale) {
            assertThat(page(region.inOrder())).as("the present map is served").isTrue();
        }
    }

    /** @return whether the range was served */
    private boolean page(List<OwnedRange> map) {
        DocumentKey at = new DocumentKey(from);
        OwnedRange range = map.stream().filter(one -> one.keys().contains(at)).findFirst().orElseThrow();
        KeyRange part = new KeyRange(from, range.keys().end());
        ScanReply reply;
        try {
            reply = reader().scan(new ScanRequest(1, range.ref(), part, after, 2, 1 << 20, true, false, TERMS)).join();
        } catch (CompletionException e) {
            assertThat(e).cause().isInstanceOfSatisfying(NodeRefusal.class,
                    refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.RANGE_MOVED));
            return false;
        }
        for (ScanReply.Row row : reply.rows()) {
            assertThat(last == null || row.key().compareTo(last) > 0).as("AScanShowsEachDocumentOnceAndInOrder").isTrue();
            last = row.key();
            seen.add(row.key().id());
        }
        if (reply.more()) {
            after = Optional.of(reply.rows().getLast().key());
            from = after.get().bytes();
        } else if (Arrays.equals(part.end(), RegionReplica.ALL.end())) {
            assertThat(seen).as("AScanMissesNothingThatIsThereThroughout").containsAll(throughout);
            again();
        } else {
            from = part.end();
        }
        return true;
    }

    private GroupReader reader() {
        GroupReader known = reader;
        if (known == null || machine != region.machine) { // it was opened anew
            machine = region.machine;
            known = new GroupReader(new LeaderAlone(), region.machine, region.self, () -> {}, (delay, task) -> () -> {}, Runnable::run);
            reader = known;
        }
        return known;
    }

    private void again() {
        from = RegionReplica.ALL.start();
        after = Optional.empty();
        last = null;
        seen.clear();
        throughout = alive();
    }
}
