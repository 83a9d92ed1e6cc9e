package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.TtlDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.storage.engine.SharedEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents with a time to live in ranges that are cut, united and moved: there is nothing to take along but the rows. */
class TtlTransferTest {
    @TempDir
    Path directory;

    private SharedEngine engine;
    private RegionReplica old;
    private RegionReplica next;
    private RegionReplica b; // another region, which follows both groups
    private CollectionDefinition collection = RegionReplica.COLLECTION;

    /** {@code k} and {@code m} live for ten seconds. */
    @BeforeEach
    void open() {
        engine = Regions.engine();
        old = new RegionReplica(1, 1, directory, engine);
        next = new RegionReplica(1, 2, directory, engine);
        b = new RegionReplica(2, 3, directory, engine);
        List<RegionIncarnation> regions = List.of(old.self, b.self);
        old.activate(regions);
        b.activate(regions);
        live(new TtlDefinition(10, Optional.of(FieldPath.of("ttl"))));
        old.commit(RegionReplica.put("k", "{\"x\":1}"));
        old.commit(RegionReplica.put("m", "{\"x\":1}"));
        old.commit(RegionReplica.put("z", "{\"ttl\":-1}"));
        old.split(RegionReplica.key("m"), 77);
    }

    @AfterEach
    void close() {
        Stream.of(old, next, b).forEach(RegionReplica::close);
        engine.close();
    }

    private void live(TtlDefinition ttl) {
        collection = collection.withTtl(ttl, collection.catalogVersion() + 1);
        for (RegionReplica group : List.of(old, b)) {
            group.inOrder().forEach(range -> group.apply(new GroupEntry.Alter(range.ref(), collection)));
            group.inOrder().forEach(range -> range.builds().next(Expiries.BUILD).ifPresent(
                    from -> group.apply(new GroupEntry.BuildIndex(range.ref().range(), Expiries.BUILD, from, 1_000, 1 << 20))));
        }
    }

    private TransferOf transfer() {
        return new TransferOf(1, old, next, old.owner(RegionReplica.key("m")));
    }

    private void at(long millis) {
        Stream.of(old, next, b).forEach(group -> group.millis = millis);
        Stream.of(old, next, b).forEach(RegionReplica::tick);
    }

    /** What the other region has said up to now comes to the group. */
    private void hear(RegionReplica group) {
        b.tick();
        new RegionLink(group, b).catchUp();
    }

    private static List<GroupEntry> sweep(RegionReplica group) {
        List<GroupEntry> all = new CollectorPlan(group.machine, group.self, 3_600_000, 3_600_000).next(group.millis).stream()
                .filter(GroupEntry.Expire.class::isInstance).toList();
        all.forEach(group::apply);
        return all;
    }

    private static Optional<String> read(RegionReplica group, String id) {
        GroupReader reader = new GroupReader(new LeaderAlone(), group.machine, group.self, () -> {}, (delay, task) -> () -> {},
                Runnable::run);
        ReadTerms terms = new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 1_000);
        return reader.read(new ReadRequest(1, group.owner(RegionReplica.key(id)).ref(), RegionReplica.key(id), terms)).join().json()
                .map(json -> new String(json, StandardCharsets.UTF_8));
    }

    private static boolean deleted(RegionReplica group, String id) {
        return Objects.requireNonNull(group.head(id)).deleted();
    }

    /** The expiry is in the head, and the head travels. */
    @Test
    void aDocumentExpiresAtTheNewOwnerAsItWouldHaveAtTheOld() {
        transfer().whole();
        at(old.millis + 9_000);
        assertThat(read(next, "m")).hasValue("{\"x\":1}");
        at(old.millis + 2_000);
        assertThat(read(next, "m")).isEmpty();
        assertThat(next.write(RegionReplica.patch("m", "x", "2"))).isInstanceOfSatisfying(UnitAnswer.Refused.class,
                refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DOCUMENT_NOT_FOUND));
        hear(next);
        assertThat(sweep(next)).hasSize(1);
        assertThat(deleted(next, "m")).isTrue();
        assertThat(read(next, "z")).isPresent();
        hear(old);
        sweep(old);
        assertThat(deleted(old, "k")).as("what stayed is the old group's").isTrue();
    }

    /** The new group's clock may be far behind: what was over at the old one stays over at it. */
    @Test
    void whatWasOverBeforeTheMoveIsOverAfterIt() {
        old.millis += 20_000;
        old.tick();
        assertThat(next.millis).isLessThan(old.millis - 15_000);
        assertThat(read(old, "m")).isEmpty();
        transfer().whole();
        assertThat(read(next, "m")).isEmpty();
        assertThat(next.commit(RegionReplica.insert("m", "{\"new\":true}")).documents().get(0).created()).isTrue();
        assertThat(read(next, "m")).hasValue("{\"new\":true}");
    }

    /** A sweep that was proposed before the freeze, and comes after it, takes nothing away from either side. */
    @Test
    void noSweepTouchesARangeThatIsFrozenOrArrives() {
        hear(old);
        at(old.millis + 20_000);
        hear(old);
        GroupEntry.Expire proposed = new GroupEntry.Expire(List.of(RegionReplica.key("k"), RegionReplica.key("m")));
        TransferOf transfer = transfer();
        transfer.export();
        transfer.receive();
        transfer.copy();
        next.apply(proposed);
        assertThat(sweep(next)).as("it owns nothing yet").isEmpty();
        transfer.freeze();
        old.apply(proposed);
        assertThat(deleted(old, "m")).as("frozen").isFalse();
        assertThat(deleted(old, "k")).as("the range beside it isn't").isTrue();
        assertThat(sweep(old)).isEmpty();
        transfer.copy();
        next.apply(proposed);
        assertThat(deleted(next, "m")).as("whole, and not yet taken").isFalse();
        transfer.take();
        old.apply(proposed);
        transfer.leave();
        assertThat(read(next, "m")).isEmpty();
        assertThat(deleted(next, "m")).isFalse();
        hear(next);
        assertThat(sweep(next)).as("its coverage came along").hasSize(1);
        assertThat(deleted(next, "m")).isTrue();
        new RegionLink(b, old).catchUp();
        new RegionLink(b, next).catchUp();
        assertThat(deleted(b, "m")).isTrue();
        assertThat(deleted(b, "k")).isTrue();
    }

    /** A sweep between the copy of a row and the freeze is a change like any other: it is copied again. */
    @Test
    void whatIsSweptWhileItIsCopiedIsGoneAtTheNewOwner() {
        at(old.millis + 20_000);
        hear(old);
        TransferOf transfer = transfer();
        transfer.export();
        transfer.receive();
        transfer.copy();
        assertThat(sweep(old)).hasSize(1);
        assertThat(deleted(old, "m")).isTrue();
        transfer.copy();
        transfer.freeze();
        transfer.copy();
        transfer.take();
        transfer.leave();
        assertThat(deleted(next, "m")).isTrue();
        new RegionLink(b, old).catchUp();
        new RegionLink(b, next).catchUp();
        assertThat(deleted(b, "m")).isTrue();
    }

    /** What was given up: the old owner sweeps again. */
    @Test
    void aRangeThatCameBackIsSweptAgain() {
        at(old.millis + 20_000);
        hear(old);
        TransferOf transfer = transfer();
        transfer.export();
        transfer.receive();
        transfer.copy();
        transfer.freeze();
        transfer.unfreeze();
        transfer.discard();
        assertThat(sweep(old)).hasSize(1);
        assertThat(deleted(old, "m")).isTrue();
    }

    /** How far the heads have learned of a new time to live goes along, and is neither lost nor begun anew. */
    @Test
    void aChangeThatIsUnderWayGoesOnAtTheNewOwner() {
        collection = collection.withTtl(new TtlDefinition(100, Optional.empty()), collection.catalogVersion() + 1);
        old.inOrder().forEach(range -> old.apply(new GroupEntry.Alter(range.ref(), collection)));
        long moved = old.owner(RegionReplica.key("m")).ref().range();
        old.apply(new GroupEntry.BuildIndex(moved, Expiries.BUILD,
                old.owner(RegionReplica.key("m")).builds().next(Expiries.BUILD).orElseThrow(),
                1, 1 << 20));
        byte[] at = old.owner(RegionReplica.key("m")).builds().next(Expiries.BUILD).orElseThrow();
        assertThat(at).as("behind m, at z").isEqualTo(RegionReplica.key("z").bytes());
        transfer().whole();
        assertThat(next.owner(RegionReplica.key("m")).builds().next(Expiries.BUILD).orElseThrow()).isEqualTo(at);
        next.apply(new GroupEntry.BuildIndex(moved, Expiries.BUILD, at, 1_000, 1 << 20));
        assertThat(next.owner(RegionReplica.key("m")).builds().next()).isEmpty();
        at(old.millis + 50_000);
        assertThat(read(next, "m")).isPresent();
        at(old.millis + 60_000);
        assertThat(read(next, "m")).isEmpty();
        assertThat(read(next, "z")).as("its field says nothing any more").isEmpty();
    }

    /** Parts that have come further with a change than others, united: no head is left with its old expiry. */
    @Test
    void aChangeReachesAllDocumentsOfRangesThatAreUnited() {
        collection = collection.withTtl(new TtlDefinition(100, Optional.empty()), collection.catalogVersion() + 1);
        old.inOrder().forEach(range -> old.apply(new GroupEntry.Alter(range.ref(), collection)));
        OwnedRange front = old.owner(RegionReplica.key("k"));
        old.apply(new GroupEntry.BuildIndex(front.ref().range(), Expiries.BUILD, front.builds().next(Expiries.BUILD).orElseThrow(), 1_000,
                1 << 20));
        assertThat(old.owner(RegionReplica.key("k")).builds().next()).isEmpty();
        old.merge(RegionReplica.key("m"));
        OwnedRange whole = old.owner(RegionReplica.key("m"));
        old.apply(new GroupEntry.BuildIndex(whole.ref().range(), Expiries.BUILD, whole.builds().next(Expiries.BUILD).orElseThrow(), 1_000,
                1 << 20));
        assertThat(old.owner(RegionReplica.key("m")).builds().next()).isEmpty();
        at(old.millis + 50_000);
        assertThat(read(old, "k")).isPresent();
        assertThat(read(old, "m")).isPresent();
        at(old.millis + 60_000);
        hear(old);
        sweep(old);
        Stream.of("k", "m", "z").forEach(id -> assertThat(deleted(old, id)).as(id).isTrue());
    }
}
