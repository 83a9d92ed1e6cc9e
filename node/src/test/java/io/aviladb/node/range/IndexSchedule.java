package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.document.Document;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.query.index.IndexEntries;
import io.aviladb.query.index.IndexKeys;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Indexes that come and go in each region at times of its own, beside whatever else happens there, and what must hold of them after every step: no
 * entry that no document has, and of the documents that an index has gone through all entries.
 */
final class IndexSchedule {
    private static final List<IndexDefinition> DEFINITIONS = List.of(index("by_a", false, "", "/a"), index("by_b", true, "", "-/b/x", "/a"),
            index("large", false, "a > 500", "/e", "-/a"));

    private final Random random;

    IndexSchedule(long seed) {
        random = new Random(seed);
    }

    private static IndexDefinition index(String name, boolean sparse, String where, String... fields) {
        return new IndexDefinition(0, name, Stream.of(fields).map(IndexDefinition.Field::parse).toList(), sparse, where);
    }

    void step(RegionReplica region) {
        int dice = random.nextInt(30);
        OwnedRange range = region.inOrder().get(random.nextInt(region.inOrder().size()));
        if (dice == 0) {
            region.apply(new GroupEntry.Alter(range.ref(), changed(range.collection(), region)));
        } else if (dice < 6 && !range.builds().next().isEmpty()) {
            int index = range.builds().next().lastKey();
            byte[] from = random.nextInt(5) == 0 ? range.keys().start() : range.builds().next(index).orElseThrow(); // one may come twice
            region.apply(new GroupEntry.BuildIndex(range.ref().range(), index, from, 1 + random.nextInt(3), 1_000));
        }
        check(region);
    }

    /** What another range of the region has already, or another definition. */
    private CollectionDefinition changed(CollectionDefinition before, RegionReplica region) {
        CollectionDefinition newest = region.inOrder().stream().map(OwnedRange::collection)
                .reduce((a, b) -> a.catalogVersion() >= b.catalogVersion() ? a : b).orElseThrow();
        if (newest.catalogVersion() > before.catalogVersion()) {
            return newest;
        }
        IndexDefinition any = DEFINITIONS.get(random.nextInt(DEFINITIONS.size()));
        boolean known = newest.indexes().find(any.name()).isPresent();
        return newest.withIndexes(known ? newest.indexes().without(any.name()) : newest.indexes().with(any), newest.catalogVersion() + 1);
    }

    /** Builds all that is left to be built. */
    void finish(RegionReplica region) {
        for (OwnedRange range : region.inOrder()) {
            for (int index : range.builds().next().keySet()) {
                region.apply(
                        new GroupEntry.BuildIndex(range.ref().range(), index, range.builds().next(index).orElseThrow(), 1_000, 1 << 20));
                assertThat(region.owner(new DocumentKey(range.keys().start())).builds().isReady(index)).as("AnIndexGetsReady").isTrue();
            }
        }
        check(region);
    }

    static void check(RegionReplica region) {
        for (OwnedRange range : region.inOrder()) {
            for (IndexDefinition index : range.collection().indexes().list()) {
                byte[] built = range.builds().next(index.id()).orElse(null);
                TreeSet<String> documents = new TreeSet<>();
                TreeSet<String> due = new TreeSet<>();
                region.store().scanHeads(range.keys(), null, (key, head) -> {
                    region.read(key.id()).ifPresent(json -> IndexEntries.of(index)
                            .of(key, Document.parse(json.getBytes(StandardCharsets.UTF_8))).forEach(entry -> {
                                documents.add(HexFormat.of().formatHex(entry));
                                if (built == null || Arrays.compareUnsigned(key.bytes(), built) < 0) {
                                    due.add(HexFormat.of().formatHex(entry));
                                }
                            }));
                    return true;
                });
                TreeSet<String> entries = new TreeSet<>();
                region.store().scanIndex(IndexKeys.all(range.collection().id(), index.id()), entry -> {
                    if (range.keys().contains(IndexKeys.document(entry))) {
                        entries.add(HexFormat.of().formatHex(entry));
                    }
                    return true;
                });
                assertThat(documents).as("NoEntryWithoutItsDocument: %s of range %s", index, range.ref()).containsAll(entries);
                assertThat(entries).as("NoDocumentWithoutItsEntry: %s of range %s, built to %s", index, range.ref(), built)
                        .containsAll(due);
            }
        }
    }
}
