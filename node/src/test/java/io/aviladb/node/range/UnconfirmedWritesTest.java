package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.UnconfirmedReply;
import io.aviladb.proto.node.UnconfirmedRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group's own writes above what another region has. */
class UnconfirmedWritesTest {
    @TempDir
    Path directory;

    private Regions regions;
    private RegionReplica a;
    private RegionReplica b;

    @BeforeEach
    void open() {
        regions = Regions.of(2, directory);
        a = regions.get(1);
        b = regions.get(2);
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private static UnconfirmedReply ask(RegionReplica region, long now, UnconfirmedRequest.Part... parts) {
        return UnconfirmedWrites.read(region.machine, new UnconfirmedRequest(1, List.of(parts)), now);
    }

    /** What A wrote and B lacks, by B's own cursor. */
    private UnconfirmedReply.Unconfirmed lackedByB(long now) {
        HybridTimestamp cursor = ask(b, now).coverage().getFirst().covered().at(a.self);
        return ask(a, now, new UnconfirmedRequest.Part(RegionReplica.ALL, cursor)).parts().getFirst();
    }

    @Test
    void everyWriteAboveTheCursorCountsAndWhatWasPulledDoesNot() {
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        b.commit(RegionReplica.put("j", "{\"x\":1}"));
        regions.settle();
        assertThat(lackedByB(9_000)).isEqualTo(new UnconfirmedReply.Unconfirmed(0, HybridTimestamp.ZERO, 0, true));

        a.millis = 4_000;
        HybridTimestamp oldest = a.commit(RegionReplica.put("k", "{\"x\":2}")).version().stamp();
        a.commit(RegionReplica.patch("j", "x", "3"));
        a.commit(RegionReplica.delete("k"));
        assertThat(lackedByB(9_000)).isEqualTo(new UnconfirmedReply.Unconfirmed(3, oldest, 5_000, true));
        regions.link(2, 1).catchUp();
        assertThat(lackedByB(9_000).writes()).isZero();
    }

    @Test
    void onlyThePartsKeysCount() {
        HybridTimestamp none = HybridTimestamp.ZERO;
        a.commit(RegionReplica.put("k", "{}"));
        a.commit(RegionReplica.put("m", "{}"));
        var front = new io.aviladb.core.range.KeyRange(RegionReplica.ALL.start(), RegionReplica.key("m").bytes());
        assertThat(ask(a, 9_000, new UnconfirmedRequest.Part(front, none), new UnconfirmedRequest.Part(RegionReplica.ALL, none)).parts())
                .extracting(UnconfirmedReply.Unconfirmed::writes).containsExactly(1L, 2L);
    }

    @Test
    void whatTheOtherHasSaidIsKnownHereOnceItsMarkWasPulled() {
        HybridTimestamp written = a.commit(RegionReplica.put("k", "{}")).version().stamp();
        regions.link(2, 1).catchUp();
        assertThat(ask(a, 9_000).coverage().getFirst().acknowledged()).as("B has it, and A doesn't know").allSatisfy(
                said -> assertThat(said.covered().at(a.self)).isLessThan(written));
        b.tick();
        regions.link(1, 2).catchUp();
        UnconfirmedReply.Acknowledged said = ask(a, 9_000).coverage().getFirst().acknowledged().getFirst();
        assertThat(said.by()).isEqualTo(b.self);
        assertThat(said.covered().covers(VersionVector.of(a.self, written))).isTrue();
    }

    @Test
    void whatTheFeedHasForgottenIsToldAsIncomplete() {
        a.commit(RegionReplica.put("k", "{}"));
        a.apply(new GroupEntry.Collect(a.tick()));
        a.commit(RegionReplica.put("m", "{}"));
        UnconfirmedReply.Unconfirmed lost = ask(a, 9_000, new UnconfirmedRequest.Part(RegionReplica.ALL, HybridTimestamp.ZERO)).parts()
                .getFirst();
        assertThat(lost.writes()).isEqualTo(1);
        assertThat(lost.complete()).isFalse();
    }
}
