package io.aviladb.node.range;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.document.Document;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.query.index.IndexEntries;
import io.aviladb.query.index.IndexKeys;
import io.aviladb.storage.Batch;
import io.aviladb.storage.GroupStore;
import io.aviladb.storage.Reads;
import io.aviladb.storage.head.Head;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps indexes in apply: an entry is written and goes in the batch of the document that it is about, so that no reader sees one without the other.
 * What stands in an index follows from the documents alone, and all replicas have the same.
 */
public final class Indexes {
    private static final int MAX_COMPILED = 10_000;
    private static final Map<IndexDefinition, IndexEntries> COMPILED = new ConcurrentHashMap<>();

    private Indexes() {
    }

    public static IndexEntries entries(IndexDefinition index) {
        if (COMPILED.size() > MAX_COMPILED) {
            COMPILED.clear();
        }
        return COMPILED.computeIfAbsent(index, IndexEntries::of);
    }

    static boolean has(OwnedRange owner) {
        return !owner.collection().indexes().list().isEmpty();
    }

    /** The document as readers see it. In apply. */
    static Optional<Document> document(@Nullable Head head, DocumentKey key, OwnedRange owner, Batch batch) {
        return head == null || head.deleted()
                ? Optional.empty()
                : Heads.liveVersions(head, key, batch).read(owner.collection().policies());
    }

    /** What a reader sees has changed. Entries that stay are left alone. */
    static void changed(DocumentKey key, Optional<Document> before, Optional<Document> after, CollectionDefinition collection,
            Batch batch) {
        for (IndexDefinition index : collection.indexes().list()) {
            IndexEntries entries = entries(index);
            SortedSet<byte[]> old = of(entries, key, before);
            SortedSet<byte[]> now = of(entries, key, after);
            old.stream().filter(entry -> !now.contains(entry)).forEach(batch::deleteIndexEntry);
            now.stream().filter(entry -> !old.contains(entry)).forEach(batch::putIndexEntry);
        }
    }

    private static SortedSet<byte[]> of(IndexEntries entries, DocumentKey key, Optional<Document> document) {
        return document.map(present -> entries.of(key, present)).orElseGet(() -> new TreeSet<>(Arrays::compareUnsigned));
    }

    /**
     * The next piece of an index under construction. Of an entry that was made for another state, such as one that comes twice, nothing happens.
     *
     * @return the range afterwards
     */
    static OwnedRange build(GroupEntry.BuildIndex entry, OwnedRange range, GroupStore store, Batch batch) {
        IndexDefinition index = range.collection().indexes().find(entry.index()).orElse(null);
        byte[] from = range.builds().next(entry.index()).orElse(null);
        if (index == null || from == null || !Arrays.equals(from, entry.from())) {
            return range;
        }
        KeyRange rest = new KeyRange(from, range.keys().end());
        Piece piece = new Piece();
        store.scanHeads(rest, null, (key, head) -> {
            if (piece.documents >= entry.maxDocuments() || piece.bytes >= entry.maxBytes()) {
                piece.end = key.bytes();
                return false;
            }
            document(head, key, range, batch).ifPresent(document -> {
                entries(index).of(key, document).forEach(batch::putIndexEntry);
                piece.bytes += document.sizeBytes();
            });
            piece.documents++;
            return true;
        });
        byte[] end = piece.end;
        return range.withBuilds(end == null ? range.builds().ready(index.id()) : range.builds().with(index.id(), end));
    }

    /** How far a piece has come. */
    private static final class Piece {
        int documents;
        long bytes;
        byte @Nullable [] end;
    }

    /** The entries of indexes that none of the group's ranges has any more go. @param before ranges as they were */
    static void forget(Collection<OwnedRange> before, Collection<OwnedRange> after, Batch batch) {
        Set<Entry> kept = new HashSet<>();
        after.forEach(
                range -> range.collection().indexes().list().forEach(index -> kept.add(new Entry(range.collection().id(), index.id()))));
        before.stream()
                .flatMap(range -> range.collection().indexes().list().stream().map(index -> new Entry(range.collection().id(), index.id())))
                .filter(index -> !kept.contains(index)).distinct().sorted()
                .forEach(index -> batch.deleteIndexEntries(IndexKeys.all(index.collection(), index.index())));
    }

    private record Entry(int collection, int index) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return collection != other.collection ? Integer.compare(collection, other.collection) : Integer.compare(index, other.index);
        }
    }

    /** The entries of the range's documents go. Before the documents do. */
    static void drop(OwnedRange range, Reads store, Batch batch) {
        if (has(range)) {
            store.scanHeads(range.keys(), null, (key, head) -> {
                changed(key, document(head, key, range, batch), Optional.empty(), range.collection(), batch);
                return true;
            });
        }
    }
}
