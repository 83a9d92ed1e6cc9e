package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.catalog.TtlDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.crdt.expiry.Expiry;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.ScanRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Documents that expire, in virtual time: judged by stamps of the log, taken away by the leader, never against an extension. */
class TtlTest {
    private static final TtlDefinition TEN_SECONDS = new TtlDefinition(10, Optional.of(FieldPath.of("ttl")));

    @TempDir
    Path directory;

    private Regions regions;
    private RegionReplica a;
    private RegionReplica b;
    private CollectionDefinition collection = RegionReplica.COLLECTION;

    @BeforeEach
    void open() {
        regions = Regions.of(3, directory);
        a = regions.get(1);
        b = regions.get(2);
        live(TEN_SECONDS, Deletes.LATER);
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private void live(TtlDefinition ttl, Deletes deletes) {
        MergePolicyDefinition policy = new MergePolicyDefinition(Rule.LWW, new TreeMap<>(), deletes);
        collection = collection.withPolicy(policy, collection.catalogVersion() + 1).withTtl(ttl, collection.catalogVersion() + 1);
        regions.all.forEach(region -> region.apply(new GroupEntry.Alter(region.range, collection)));
    }

    private static Optional<String> read(RegionReplica region, String id) {
        GroupReader reader = new GroupReader(new LeaderAlone(), region.machine, region.self, () -> {}, (delay, task) -> () -> {},
                Runnable::run);
        ReadTerms terms = new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 1_000);
        ReadReply reply = reader.read(new ReadRequest(1, region.owner(RegionReplica.key(id)).ref(), RegionReplica.key(id), terms)).join();
        return reply.json().map(json -> new String(json, StandardCharsets.UTF_8));
    }

    private static void sweep(RegionReplica region) {
        CollectorPlan plan = new CollectorPlan(region.machine, region.self, 3_600_000, 3_600_000);
        plan.next(region.millis).forEach(region::apply);
    }

    private static ErrorCode refused(UnitAnswer answer) {
        return ((UnitAnswer.Refused) answer).code();
    }

    @Test
    void whatHasExpiredIsNotThereForReadersAndWriters() {
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        a.millis += 9_999;
        a.tick();
        assertThat(read(a, "k")).hasValue("{\"x\":1}");
        a.millis += 1;
        a.tick();
        assertThat(read(a, "k")).isEmpty();
        assertThat(Objects.requireNonNull(a.head("k")).deleted()).as("still in the store").isFalse();
        assertThat(refused(a.write(RegionReplica.patch("k", "x", "2")))).isEqualTo(ErrorCode.DOCUMENT_NOT_FOUND);
        assertThat(refused(a.write(RegionReplica.delete("k")))).isEqualTo(ErrorCode.DOCUMENT_NOT_FOUND);
        assertThat(refused(a.write(RegionReplica.replace("k", Objects.requireNonNull(a.head("k")).vector(), "{}"))))
                .isEqualTo(ErrorCode.PRECONDITION_FAILED);
        UnitAnswer.Committed again = a.commit(RegionReplica.insert("k", "{\"y\":1}"));
        assertThat(again.documents().get(0).created()).isTrue();
        assertThat(read(a, "k")).hasValue("{\"y\":1}");
    }

    /** The entry's stamp judges, whatever a reader's replica has applied: a write that comes in the entry that is too late is too late. */
    @Test
    void theEntrysStampJudges() {
        a.commit(RegionReplica.put("k", "{}"));
        a.millis += 10_000;
        assertThat(refused(a.write(RegionReplica.patch("k", "x", "2")))).isEqualTo(ErrorCode.DOCUMENT_NOT_FOUND);
    }

    @Test
    void aWriteExtends() {
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        a.millis += 6_000;
        a.commit(RegionReplica.patch("k", "x", "2"));
        a.millis += 6_000;
        a.tick();
        sweep(a);
        assertThat(read(a, "k")).hasValue("{\"x\":2}");
    }

    @Test
    void aDocumentSaysByItselfHowLongItLives() {
        a.commit(RegionReplica.put("short", "{\"ttl\":2}"), RegionReplica.put("ever", "{\"ttl\":-1}"),
                RegionReplica.put("time", "{\"ttl\":\"1970-01-01T00:00:05Z\"}"), RegionReplica.put("odd", "{\"ttl\":[]}"));
        assertThat(a.millis).isLessThan(5_000);
        a.millis = 5_000;
        a.tick();
        assertThat(read(a, "short")).isEmpty();
        assertThat(read(a, "time")).isEmpty();
        assertThat(read(a, "odd")).as("as one that says nothing").isPresent();
        a.millis = 1_000_000;
        a.tick();
        assertThat(read(a, "odd")).isEmpty();
        assertThat(read(a, "ever")).isPresent();
    }

    @Test
    void theLeaderTakesItAwayAndTheOthersFollow() {
        a.commit(RegionReplica.put("k", "{}"));
        regions.settle();
        regions.at(a.millis + 20_000);
        regions.settle();
        sweep(b);
        assertThat(Objects.requireNonNull(b.head("k")).deleted()).as("the writer's region is first").isFalse();
        sweep(a);
        regions.settle();
        for (RegionReplica region : regions.all) {
            assertThat(Objects.requireNonNull(region.head("k")).deleted()).isTrue();
            assertThat(region.conflicts()).isEmpty();
        }
        a.commit(RegionReplica.put("orphan", "{}"));
        regions.settle();
        regions.at(a.millis + 10_000 + ExpirySweep.OTHERS_AFTER_MILLIS);
        regions.settle();
        sweep(b);
        assertThat(Objects.requireNonNull(b.head("orphan")).deleted()).as("others step in after a minute").isTrue();
    }

    @ParameterizedTest
    @EnumSource(Deletes.class)
    void anExtensionElsewhereIsNeverTakenAway(Deletes deletes) {
        live(TEN_SECONDS, deletes);
        a.commit(RegionReplica.put("k", "{\"x\":1}"), RegionReplica.put("again", "{}"));
        regions.settle();
        b.millis = a.millis + 9_000;
        b.commit(RegionReplica.patch("k", "x", "2")); // not yet in a
        b.millis += 3_000;
        b.commit(RegionReplica.insert("again", "{\"new\":true}"));
        a.millis += 15_000; // ahead of b's clock, or b's write late: all the same
        a.tick();
        sweep(a);
        assertThat(read(a, "k")).isEmpty();
        assertThat(Objects.requireNonNull(a.head("k")).deleted()).as("hidden until all that was written in time is here").isFalse();
        regions.settle();
        for (RegionReplica region : regions.all) {
            assertThat(region.read("k")).as("region %s", region.self).hasValue("{\"x\":2}");
            assertThat(region.read("again")).hasValue("{\"new\":true}");
            assertThat(region.conflicts()).as("nobody wrote what was lost").isEmpty();
        }
    }

    @Test
    void aChangeReachesTheDocumentsThatAreThere() {
        for (int i = 0; i < 5; i++) {
            a.commit(RegionReplica.put("k" + i, "{}"));
        }
        live(new TtlDefinition(100, Optional.empty()), Deletes.LATER);
        regions.settle();
        a.split(RegionReplica.key("k2"), 99);
        for (int pass = 0; pass < 20 && a.machine.ranges().values().stream().anyMatch(range -> !range.builds().next().isEmpty()); pass++) {
            OwnedRange range = a.machine.ranges().values().stream().filter(one -> !one.builds().next().isEmpty()).findFirst().orElseThrow();
            a.apply(new GroupEntry.BuildIndex(range.ref().range(), 0, range.builds().next(0).orElseThrow(), 1, 1));
        }
        a.restart();
        a.millis += 50_000;
        a.tick();
        assertThat(read(a, "k0")).isPresent();
        assertThat(read(a, "k4")).isPresent();
        a.millis += 50_000;
        a.tick();
        assertThat(read(a, "k0")).isEmpty();
        assertThat(read(a, "k4")).isEmpty();
        regions.at(a.millis);
        regions.settle();
        sweep(a);
        assertThat(Objects.requireNonNull(a.head("k4")).deleted()).isTrue();
    }

    @Test
    void listingsLeaveItOut() {
        a.commit(RegionReplica.put("gone", "{}"));
        a.millis += 9_000;
        a.commit(RegionReplica.put("here", "{}"));
        a.millis += 2_000;
        a.tick();
        GroupReader reader = new GroupReader(new LeaderAlone(), a.machine, a.self, () -> {}, (delay, task) -> () -> {}, Runnable::run);
        var reply = reader.scan(new ScanRequest(1, a.range, RegionReplica.ALL, Optional.empty(), 10, 1 << 20, false, false,
                new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 1_000))).join();
        assertThat(reply.rows()).extracting(row -> row.key().id()).containsExactly("here");
    }

    /** Random writes, sweeps and deliveries under clocks that differ: what shows in the end is the join of what was written, as long as it lives. */
    @Test
    void noWriteIsLostToAnExpiry() {
        long seed = Long.getLong("avila.seed", 7);
        Random random = new Random(seed);
        for (int run = 0; run < 12; run++) {
            Deletes deletes = Deletes.values()[random.nextInt(3)];
            live(TEN_SECONDS, deletes);
            Map<DocumentKey, List<LiveVersion>> written = new HashMap<>();
            long base = regions.all.stream().mapToLong(region -> region.millis).max().orElseThrow() + 1_000;
            for (RegionReplica region : regions.all) {
                region.millis = base + random.nextInt(8_000); // clocks differ by seconds
            }
            for (int step = 0; step < 120; step++) {
                RegionReplica region = regions.all.get(random.nextInt(3));
                region.millis += random.nextInt(1_500);
                int kind = random.nextInt(3);
                String id = "r" + run + "-" + kind;
                String ttl = kind == 0 ? "" : "\"ttl\":" + (10 + 5 * kind) + ","; // one document never shortens its life
                int dice = random.nextInt(10);
                if (dice < 5) {
                    DocumentWrite write = switch (random.nextInt(5)) {
                        case 0 -> RegionReplica.insert(id, "{" + ttl + "\"i\":" + step + "}");
                        case 1 -> RegionReplica.put(id, "{" + ttl + "\"p\":" + step + "}");
                        case 2 -> RegionReplica.delete(id);
                        default -> RegionReplica.patch(id, "f" + random.nextInt(3), "" + step);
                    };
                    if (region.write(write) instanceof UnitAnswer.Committed committed) {
                        written.computeIfAbsent(write.key(), key -> new ArrayList<>()).add(LiveVersion
                                .decode(Objects.requireNonNull(region.store().version(write.key(), committed.version()))));
                    }
                } else if (dice < 8) {
                    region.tick();
                    sweep(region);
                } else {
                    regions.links.get(random.nextInt(regions.links.size())).catchUp();
                }
            }
            long end = regions.all.stream().mapToLong(region -> region.millis).max().orElseThrow();
            regions.at(end);
            regions.settle();
            String why = "seed " + seed + ", run " + run;
            written.forEach((key, versions) -> {
                LiveVersions join = LiveVersions.of(versions);
                for (RegionReplica region : regions.all) {
                    Optional<String> expected = Expiry
                            .read(join, collection.policies(), collection.ttl(), region.machine.lastStamp())
                            .map(document -> new String(document.json(), StandardCharsets.UTF_8));
                    assertThat(read(region, key.id())).as("%s: %s in region %s, %s", why, key.id(), region.self, join).isEqualTo(expected);
                }
            });
        }
    }
}
