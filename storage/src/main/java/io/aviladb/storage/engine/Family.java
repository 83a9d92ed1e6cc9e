package io.aviladb.storage.engine;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;

/** A column family: rows of one kind, in key order. Few of them: all are flushed together. */
public enum Family {
    /** Fixed names, cursors, range rows; the engine's own default family. */
    META("default", 4L << 20, false),
    /** The small rows of every document. */
    HEADS("heads", 16L << 20, false),
    /** Bodies: large ones lie in blob files, so that compaction doesn't copy them. */
    VERSIONS("versions", 64L << 20, true),
    /** Changes in timestamp order. */
    FEED("feed", 16L << 20, false),
    /** Answers of operations. */
    DEDUP("dedup", 16L << 20, false),
    /** Records of conflicts: both sides' bodies. */
    CONFLICTS("conflicts", 4L << 20, true),
    /** Entries of secondary indexes: all in the key. */
    INDEX("index", 16L << 20, false);

    /** Smaller bodies stay in the tree. Measured alike at 256 and 512. */
    static final int MIN_BLOB_BYTES = 512;

    /** What one row in memory counts for at least. The default is 1 MiB: a few dozen idle stores would use up the whole budget. */
    private static final long ARENA_BLOCK_BYTES = 64 << 10;

    /**
     * Of the rows in memory: a filter that tells that an operation is new, which nearly all are. About ten bits for each row when the memory is full; less
     * would let too many through, more would burden idle stores, which hold theirs too.
     */
    private static final double MEMORY_FILTER_SHARE = 0.005;

    private final String rocksName;
    private final long writeBufferBytes;
    private final boolean bodies;

    Family(String rocksName, long writeBufferBytes, boolean bodies) {
        this.rocksName = rocksName;
        this.writeBufferBytes = writeBufferBytes;
        this.bodies = bodies;
    }

    String rocksName() {
        return rocksName;
    }

    ColumnFamilyOptions options(BlockBasedTableConfig table) {
        ColumnFamilyOptions options = new ColumnFamilyOptions().setTableFormatConfig(table).setWriteBufferSize(writeBufferBytes)
                .setMaxWriteBufferNumber(4)
                .setArenaBlockSize(ARENA_BLOCK_BYTES).setLevelCompactionDynamicLevelBytes(true);
        if (bodies) {
            return options.setCompressionType(CompressionType.NO_COMPRESSION) // bodies arrive compressed
                    .setEnableBlobFiles(true).setMinBlobSize(MIN_BLOB_BYTES).setBlobFileSize(128L << 20)
                    .setEnableBlobGarbageCollection(true)
                    .setBlobGarbageCollectionAgeCutoff(0.25);
        }
        if (this == DEDUP) {
            options.setMemtableWholeKeyFiltering(true).setMemtablePrefixBloomSizeRatio(MEMORY_FILTER_SHARE);
        }
        return options.setCompressionType(CompressionType.LZ4_COMPRESSION);
    }
}
