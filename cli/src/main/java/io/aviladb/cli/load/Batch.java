package io.aviladb.cli.load;

import java.util.List;

/**
 * Records that are sent together.
 *
 * @param index from 0; the same records get the same index whenever the same source is read with the same batch size
 */
record Batch(long index, List<SourceRecord> records) {
    /** A server takes 100 documents and 16 MB; half of that leaves room for what surrounds them. */
    static final int MAX_RECORDS = 100;
    static final int MAX_BYTES = 8 << 20;

    Batch {
        records = List.copyOf(records);
    }

    List<SourceRecord.Parsed> parsed() {
        return records.stream().filter(SourceRecord.Parsed.class::isInstance).map(SourceRecord.Parsed.class::cast).toList();
    }
}
