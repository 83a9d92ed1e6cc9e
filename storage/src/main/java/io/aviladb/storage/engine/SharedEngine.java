package io.aviladb.storage.engine;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/** What all stores of a process share: caches, budgets and background threads. Close it after the last store. */
public final class SharedEngine implements AutoCloseable {
    static {
        RocksDB.loadLibrary();
    }

    private final EngineOptions options;
    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final BloomFilter bloom = new BloomFilter(10, false);
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final FlushOptions flushOptions = new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true);
    private final BlockBasedTableConfig table;
    private final FlushKeeper keeper;
    private final ExecutorService background;
    private final AtomicLong headBytes = new AtomicLong();

    private SharedEngine(EngineOptions options) {
        this.options = options;
        // Rows in memory are charged to the cache: what they don't use serves blocks, and the sum is the bound.
        cache = new LRUCache(options.blockCacheBytes() + options.writeBufferBytes());
        // No stall: a writer would wait for other stores' rows, which only their own next write flushes. FlushKeeper bounds them.
        writeBuffers = new WriteBufferManager(options.writeBufferBytes(), cache, false);
        table = new BlockBasedTableConfig().setBlockCache(cache).setBlockSize(16 << 10).setFilterPolicy(bloom).setFormatVersion(6)
                .setCacheIndexAndFilterBlocks(true).setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true).setOptimizeFiltersForMemory(true);
        background = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("storage-background").priority(Thread.MIN_PRIORITY).factory());
        keeper = new FlushKeeper(options.writeBufferBytes());
    }

    public static SharedEngine create(EngineOptions options) {
        return new SharedEngine(options);
    }

    public EngineOptions options() {
        return options;
    }

    /** One thread of low priority for work that may wait: building head tables. */
    public ExecutorService background() {
        return background;
    }

    /** Takes bytes of the head tables' budget. @return false, and nothing taken, where there is too little left */
    public boolean reserveHeadBytes(long bytes) {
        long limit = options.headTableBytes();
        while (true) {
            long used = headBytes.get();
            if (used + bytes > limit) {
                return false;
            }
            if (headBytes.compareAndSet(used, used + bytes)) {
                return true;
            }
        }
    }

    public void releaseHeadBytes(long bytes) {
        headBytes.addAndGet(-bytes);
    }

    /** Off-heap bytes that head tables hold now. */
    public long headBytes() {
        return headBytes.get();
    }

    BlockBasedTableConfig table() {
        return table;
    }

    WriteBufferManager writeBuffers() {
        return writeBuffers;
    }

    WriteOptions writeOptions() {
        return writeOptions;
    }

    FlushOptions flushOptions() {
        return flushOptions;
    }

    FlushKeeper keeper() {
        return keeper;
    }

    @Override
    public void close() {
        keeper.close();
        background.close();
        flushOptions.close();
        writeOptions.close();
        writeBuffers.close();
        bloom.close();
        cache.close();
    }
}
