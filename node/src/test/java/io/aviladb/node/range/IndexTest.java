package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.query.index.IndexKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes in apply. */
class IndexTest {
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

    private static CollectionDefinition indexed(CollectionDefinition before, String... fields) {
        IndexDefinition index = new IndexDefinition(0, "i", Stream.of(fields).map(IndexDefinition.Field::parse).toList(), false, "");
        return before.withIndexes(before.indexes().with(index), before.catalogVersion() + 1);
    }

    private static void define(RegionReplica region, CollectionDefinition collection) {
        region.inOrder().forEach(range -> region.apply(new GroupEntry.Alter(range.ref(), collection)));
    }

    /** One piece of the first index that isn't whole. */
    private static void build(RegionReplica region, int documents) {
        OwnedRange range = region.inOrder().stream().filter(one -> !one.builds().next().isEmpty()).findFirst().orElseThrow();
        int index = range.builds().next().firstKey();
        region.apply(new GroupEntry.BuildIndex(range.ref().range(), index, range.builds().next(index).orElseThrow(), documents, 1 << 20));
    }

    /** Ids in the order of index 1. */
    private static List<String> ids(RegionReplica region) {
        List<String> ids = new ArrayList<>();
        region.store().scanIndex(IndexKeys.all(1, 1), entry -> ids.add(IndexKeys.document(entry).id()));
        return ids;
    }

    @Test
    void writesMaintainWhatAnIndexHoldsAndTheRestIsBuiltPieceByPiece() {
        a.commit(RegionReplica.put("p", "{\"x\":3}"));
        a.commit(RegionReplica.put("q", "{\"x\":1}"));
        a.commit(RegionReplica.put("r", "{\"x\":2.5}"));
        define(a, indexed(RegionReplica.COLLECTION, "/x"));
        assertThat(ids(a)).isEmpty();
        assertThat(a.owned().builds().isReady(1)).isFalse();
        a.commit(RegionReplica.put("s", "{}"));
        assertThat(ids(a)).containsExactly("s");
        build(a, 2);
        assertThat(ids(a)).containsExactly("s", "q", "p");
        a.commit(RegionReplica.patch("p", "x", "0"), RegionReplica.delete("q"));
        build(a, 2);
        assertThat(ids(a)).containsExactly("s", "p", "r");
        assertThat(a.owned().builds().isReady(1)).isTrue();
        IndexSchedule.check(a);
    }

    @Test
    void aPieceThatComesTwiceOrAfterTheIndexHasGoneDoesNothing() {
        a.commit(RegionReplica.put("p", "{\"x\":3}"));
        a.commit(RegionReplica.put("q", "{\"x\":1}"));
        define(a, indexed(RegionReplica.COLLECTION, "/x"));
        GroupEntry first = new GroupEntry.BuildIndex(a.range.range(), 1, RegionReplica.ALL.start(), 1, 1 << 20);
        a.apply(first);
        IndexBuilds after = a.owned().builds();
        a.apply(first);
        assertThat(a.owned().builds()).isEqualTo(after);
        CollectionDefinition without = RegionReplica.COLLECTION.withIndexes(a.owned().collection().indexes().without("i"), 9);
        define(a, without);
        assertThat(ids(a)).as("its entries have gone").isEmpty();
        a.apply(first);
        a.commit(RegionReplica.put("q", "{\"x\":7}"));
        assertThat(ids(a)).isEmpty();
    }

    @Test
    void anIndexThatOneRangeStillHasKeepsItsEntriesUntilTheLastHasLetGo() {
        define(a, indexed(RegionReplica.COLLECTION, "/x"));
        build(a, 10);
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        a.commit(RegionReplica.put("m", "{\"x\":2}"));
        a.split(RegionReplica.key("m"), 77);
        CollectionDefinition without = RegionReplica.COLLECTION.withIndexes(a.owned().collection().indexes().without("i"), 9);
        a.apply(new GroupEntry.Alter(a.inOrder().get(0).ref(), without));
        assertThat(ids(a)).contains("m");
        a.apply(new GroupEntry.Alter(a.inOrder().get(1).ref(), without));
        assertThat(ids(a)).isEmpty();
    }

    @Test
    void whatOtherRegionsWroteIsIndexedAsReadersSeeIt() {
        List.of(a, b).forEach(region -> {
            define(region, indexed(RegionReplica.COLLECTION, "/x", "-/y"));
            build(region, 10);
        });
        a.commit(RegionReplica.put("p", "{\"x\":1,\"y\":1}"));
        regions.settle();
        a.commit(RegionReplica.patch("p", "x", "5"));
        b.commit(RegionReplica.patch("p", "y", "7"));
        b.commit(RegionReplica.put("q", "{\"x\":5,\"y\":8}"));
        regions.settle();
        List.of(a, b).forEach(region -> {
            assertThat(region.read("p")).contains("{\"x\":5,\"y\":7}");
            assertThat(ids(region)).containsExactly("q", "p");
            IndexSchedule.check(region);
        });
    }

    @Test
    void aBuildSurvivesSplitMergeAndRestart() {
        for (String id : List.of("k", "l", "m", "n", "p")) {
            a.commit(RegionReplica.put(id, "{\"x\":1}"));
        }
        define(a, indexed(RegionReplica.COLLECTION, "/x"));
        build(a, 1);
        a.split(RegionReplica.key("m"), 77);
        build(a, 10);
        a.restart();
        assertThat(a.inOrder().get(0).builds().isReady(1)).isTrue();
        assertThat(a.inOrder().get(1).builds().isReady(1)).isFalse();
        IndexSchedule.check(a);
        a.merge(RegionReplica.key("m"));
        assertThat(a.owned().builds().isReady(1)).isFalse();
        build(a, 10);
        assertThat(ids(a)).containsExactly("k", "l", "m", "n", "p");
    }

    @Test
    void aDroppedRangeTakesItsEntriesAlong() {
        define(a, indexed(RegionReplica.COLLECTION, "/x"));
        build(a, 10);
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        a.commit(RegionReplica.put("m", "{\"x\":2}"));
        a.split(RegionReplica.key("m"), 77);
        a.apply(new GroupEntry.Drop(a.inOrder().get(0).ref()));
        assertThat(ids(a)).containsExactly("m");
    }
}
