package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.CustomMerge;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.version.Version;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.storage.head.Head;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents that somebody must resolve, and such that an expression merges, in three regions with their stores. */
class ManualMergeTest {
    private static final MergePolicyDefinition MANUAL = new MergePolicyDefinition(Rule.MANUAL, new TreeMap<>(), Deletes.LATER);

    @TempDir
    Path directory;

    private Regions regions;
    private RegionReplica a;
    private RegionReplica b;
    private RegionReplica c;
    private CollectionDefinition collection = RegionReplica.COLLECTION;

    @BeforeEach
    void open() {
        regions = Regions.of(3, directory);
        a = regions.get(1);
        b = regions.get(2);
        c = regions.get(3);
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private void declare(MergePolicyDefinition policy) {
        collection = collection.withPolicy(policy, collection.catalogVersion() + 1);
        regions.all.forEach(region -> region.apply(new GroupEntry.Alter(region.range, collection)));
    }

    private void settleAndCollect() {
        for (int round = 0; round < 2; round++) {
            regions.settle();
            for (RegionReplica region : regions.all) {
                CollectorPlan plan = new CollectorPlan(region.machine, region.self, 0, 3_600_000);
                for (int pass = 0; pass < 3; pass++) {
                    plan.next(region.millis + 5_000).forEach(region::apply);
                }
            }
        }
    }

    private void allShow(String json) {
        regions.all.forEach(region -> assertThat(region.read("k")).as("region %s", region.self).hasValue(json));
    }

    private static Head head(RegionReplica region) {
        return Objects.requireNonNull(region.head("k"));
    }

    private static void isRefused(UnitAnswer answer) {
        assertThat(answer).isInstanceOfSatisfying(UnitAnswer.Refused.class,
                refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DOCUMENT_IN_CONFLICT));
    }

    /** São Paulo's and Frankfurt's write, neither of which knows of the other. */
    private List<Version> conflict() {
        a.commit(RegionReplica.put("k", "{\"x\":0,\"y\":0}"));
        regions.settle();
        Version theirs = b.commit(RegionReplica.patch("k", "x", "1")).version();
        a.millis += 1_000;
        return List.of(theirs, a.commit(RegionReplica.patch("k", "y", "2")).version());
    }

    @Test
    void siblingsStayInEveryRegionUntilOneWriteHasSeenThem() {
        declare(MANUAL);
        List<Version> both = conflict();
        settleAndCollect();
        allShow("{\"x\":0,\"y\":2}");
        regions.all
                .forEach(region -> assertThat(head(region).live()).as("stable, and still two").containsExactlyInAnyOrderElementsOf(both));
        regions.all.forEach(region -> region.apply(new GroupEntry.Forget(List.of(RegionReplica.key("k")), region.machine.lastStamp())));
        regions.all.forEach(region -> assertThat(head(region).live()).as("whatever a leader proposes").hasSize(2));
        c.restart();
        assertThat(head(c).live()).containsExactlyInAnyOrderElementsOf(both);
        for (DocumentWrite write : List.of(RegionReplica.patch("k", "x", "9"), RegionReplica.put("k", "{}"), RegionReplica.delete("k"),
                RegionReplica.replace("k", head(c).vector(), "{}"))) {
            isRefused(c.write(write));
        }
        allShow("{\"x\":0,\"y\":2}");
        c.commit(RegionReplica.resolve("k", head(c).vector(), "{\"x\":1,\"y\":2}"));
        settleAndCollect();
        allShow("{\"x\":1,\"y\":2}");
        regions.all.forEach(region -> assertThat(head(region).live()).hasSize(1));
        regions.all.forEach(region -> assertThat(region.versions("k")).hasSize(1));
        b.commit(RegionReplica.patch("k", "x", "3"));
        settleAndCollect();
        allShow("{\"x\":3,\"y\":2}");
    }

    @Test
    void twoResolutionsThatKnowNothingOfEachOtherAreSiblingsAgain() {
        declare(MANUAL);
        conflict();
        regions.settle();
        a.commit(RegionReplica.resolve("k", head(a).vector(), "{\"x\":1}"));
        b.millis += 5_000;
        b.commit(RegionReplica.resolve("k", head(b).vector(), "{\"x\":2}"));
        settleAndCollect();
        allShow("{\"x\":2}");
        regions.all.forEach(region -> assertThat(head(region).live()).hasSize(2));
    }

    @Test
    void aDeleteAndAnUpdateWaitForSomebodyToo() {
        declare(MANUAL);
        a.commit(RegionReplica.put("k", "{\"x\":0}"));
        regions.settle();
        b.commit(RegionReplica.patch("k", "x", "1"));
        a.millis += 1_000;
        a.commit(RegionReplica.delete("k"));
        settleAndCollect();
        regions.all.forEach(region -> assertThat(region.read("k")).isEmpty());
        regions.all.forEach(region -> assertThat(head(region).live()).as("the update is not gone").hasSize(2));
        isRefused(c.write(RegionReplica.insert("k", "{\"x\":5}")));
        c.commit(RegionReplica.resolve("k", head(c).vector(), "{\"x\":1}"));
        settleAndCollect();
        allShow("{\"x\":1}");
    }

    @Test
    void whereTheCollectionMergesByItselfAgainWritesGoOn() {
        declare(MANUAL);
        conflict();
        settleAndCollect();
        declare(MergePolicyDefinition.DEFAULT);
        allShow("{\"x\":0,\"y\":2}");
        c.commit(RegionReplica.patch("k", "x", "7"));
        settleAndCollect();
        allShow("{\"x\":7,\"y\":2}");
    }

    @Test
    void anExpressionMergesAlikeInEveryRegionAlsoAfterAllIsForgotten() {
        declare(new MergePolicyDefinition(Rule.CUSTOM, new TreeMap<>(), Deletes.LATER,
                Optional.of(new CustomMerge("{'x': GREATEST(local.x, remote.x), 'tags': MERGE_UNION(local.tags, remote.tags)}",
                        List.of("tags", "x"), new CustomMerge.Certificate(List.of(), 0, 0, 0)))));
        a.commit(RegionReplica.put("k", "{\"x\":0,\"tags\":[],\"z\":0}"));
        regions.settle();
        a.commit(RegionReplica.put("k", "{\"x\":7,\"tags\":[\"a\"],\"z\":1}"));
        b.millis += 1_000;
        b.commit(RegionReplica.put("k", "{\"x\":5,\"tags\":[\"b\"],\"z\":2}"));
        c.millis += 500;
        c.commit(RegionReplica.put("k", "{\"x\":6,\"tags\":[\"c\"],\"z\":3}"));
        regions.settle();
        allShow("{\"x\":7,\"tags\":[\"a\",\"b\",\"c\"],\"z\":2}");
        settleAndCollect();
        allShow("{\"x\":7,\"tags\":[\"a\",\"b\",\"c\"],\"z\":2}");
        regions.all.forEach(region -> assertThat(head(region).live()).hasSize(1));
        b.restart();
        allShow("{\"x\":7,\"tags\":[\"a\",\"b\",\"c\"],\"z\":2}");
    }
}
