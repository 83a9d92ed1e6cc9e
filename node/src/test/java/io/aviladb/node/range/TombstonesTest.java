package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.proto.node.ReadTerms;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever holds a deleted document back is named, with how far it has come; once all have passed it, nobody is. */
class TombstonesTest {
    @TempDir
    Path directory;

    private Regions regions;
    private RegionReplica a;

    @BeforeEach
    void open() {
        regions = Regions.of(3, directory);
        a = regions.get(1);
        a.commit(RegionReplica.put("k", "{}"), RegionReplica.put("other", "{}"));
        regions.settle();
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private HistoryReply.Tombstones ask(int maxKeys) {
        HistoryRequest request = new HistoryRequest.Tombstones(1, a.range, maxKeys,
                new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 1_000));
        ByteWriter out = new ByteWriter();
        request.write(out);
        assertThat(HistoryRequest.read(new ByteReader(out.toByteArray()))).isEqualTo(request);
        GroupReader reader = new GroupReader(new LeaderAlone(), a.machine, a.self, () -> {}, (delay, task) -> () -> {}, Runnable::run);
        HistoryReply reply = reader.history(request).join();
        ByteWriter bytes = new ByteWriter();
        reply.write(bytes);
        assertThat(HistoryReply.read(new ByteReader(bytes.toByteArray()))).isEqualTo(reply);
        return (HistoryReply.Tombstones) reply;
    }

    @Test
    void aRegionThatHasNotSaidThatItHasTheDeleteHoldsIt() {
        assertThat(ask(100).count()).isZero();
        UnitAnswer.Committed deleted = a.commit(RegionReplica.delete("k"));
        regions.links.stream().filter(link -> link.source == a && link.target == regions.get(2)).forEach(RegionLink::catchUp);
        regions.get(2).tick();
        regions.links.stream().filter(link -> link.source == regions.get(2) && link.target == a).forEach(RegionLink::catchUp);
        HistoryReply.Tombstones now = ask(100);
        assertThat(now.count()).isEqualTo(1);
        assertThat(now.absorbed()).isZero();
        assertThat(now.oldest()).isEqualTo(deleted.version().stamp());
        assertThat(now.holders()).as("region 2 has said so, region 3 has not").singleElement().satisfies(holder -> {
            assertThat(holder.region()).isEqualTo(new RegionIncarnation(3));
            assertThat(holder.of()).isEqualTo(a.self);
            assertThat(holder.acknowledged()).isLessThan(deleted.version().stamp()).isGreaterThan(HybridTimestamp.ZERO);
            assertThat(holder.tombstones()).isEqualTo(1);
        });
        regions.settle();
        assertThat(ask(100).holders()).isEmpty();
        assertThat(ask(100).absorbed()).isEqualTo(1);
    }

    @Test
    void theCollectorTakesWhatNobodyHolds() {
        a.commit(RegionReplica.delete("k"));
        regions.settle();
        assertThat(ask(100).absorbed()).isEqualTo(1);
        a.millis += 1_000;
        new CollectorPlan(a.machine, a.self, 0, 3_600_000).next(a.millis).forEach(a::apply);
        assertThat(ask(100).count()).isZero();
    }

    @Test
    void moreDocumentsThanAreLookedAtAreSaidToBeMore() {
        a.commit(RegionReplica.delete("other"));
        assertThat(ask(1).complete()).isFalse();
        assertThat(ask(2).complete()).isTrue();
    }
}
