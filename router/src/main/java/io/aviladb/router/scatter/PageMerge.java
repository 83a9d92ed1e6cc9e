package io.aviladb.router.scatter;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.proto.node.ScanReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Merges what regions gave: key order, each key once, nothing beyond what all have been read up to. A document that one region has deleted
 * hides the copy that another still has. A pure function.
 *
 * @param rows the page
 * @param next the key to go on after; empty at the end
 */
public record PageMerge(List<ScanReply.Row> rows, Optional<DocumentKey> next) {
    public PageMerge {
        rows = List.copyOf(rows);
    }

    /** At most so many documents and bytes, but at least one document where there is any. */
    public static PageMerge of(List<RegionPage> pages, int maxDocuments, int maxBytes) {
        Optional<DocumentKey> limit = pages.stream().flatMap(page -> page.upTo().stream()).min(DocumentKey::compareTo);
        TreeMap<DocumentKey, ScanReply.Row> merged = new TreeMap<>();
        for (RegionPage page : pages) {
            for (ScanReply.Row row : page.rows()) {
                if (limit.isEmpty() || row.key().compareTo(limit.get()) <= 0) {
                    merged.merge(row.key(), row, ScanReply.Row::newest);
                }
            }
        }
        List<ScanReply.Row> rows = new ArrayList<>();
        long bytes = 0;
        merged.values().removeIf(ScanReply.Row::deleted);
        for (ScanReply.Row row : merged.values()) {
            bytes += row.json().length;
            if (!rows.isEmpty() && (rows.size() >= maxDocuments || bytes > maxBytes)) {
                return new PageMerge(rows, Optional.of(rows.get(rows.size() - 1).key()));
            }
            rows.add(row);
        }
        return new PageMerge(rows, limit);
    }
}
