package io.aviladb.storage.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksObject;

/** The native objects of one open store. Closes them in the order in which they depend on one another. */
final class OpenedStore implements AutoCloseable {
    private final List<RocksObject> options;
    private final List<ColumnFamilyHandle> handles;
    private final Map<Family, ColumnFamilyHandle> families;
    private final int[] numbers = new int[Family.values().length]; // by ordinal; asking the engine each time would be a call to native code
    private final RocksDB db;

    private OpenedStore(RocksDB db, Map<Family, ColumnFamilyHandle> families, List<ColumnFamilyHandle> handles,
            List<RocksObject> options) {
        this.db = db;
        this.families = families;
        this.handles = handles;
        this.options = options;
        families.forEach((family, handle) -> numbers[family.ordinal()] = handle.getID());
    }

    /** Opens, creating what is missing where nothing is there yet. */
    static OpenedStore open(Path directory, Set<Family> wanted, SharedEngine shared) throws IOException {
        Files.createDirectories(directory);
        boolean present = Files.exists(directory.resolve("CURRENT"));
        if (!present) {
            refuseLeftovers(directory);
        }
        List<RocksObject> options = new ArrayList<>();
        try {
            DBOptions db = new DBOptions();
            options.add(db);
            db.setCreateIfMissing(!present).setCreateMissingColumnFamilies(true).setAtomicFlush(true)
                    .setWriteBufferManager(shared.writeBuffers()).setMaxBackgroundJobs(shared.options().backgroundJobs())
                    .setBytesPerSync(1 << 20).setMaxOpenFiles(-1).setParanoidChecks(true)
                    .setMaxBgErrorResumeCount(0).setInfoLogLevel(InfoLogLevel.WARN_LEVEL).setKeepLogFileNum(2)
                    .setMaxLogFileSize(4L << 20).setStatsDumpPeriodSec(0).setStatsPersistPeriodSec(0);
            // Families of a newer format are opened too, so that the format row can say what they are.
            Set<String> names = new LinkedHashSet<>(wanted.stream().map(Family::rocksName).toList());
            if (present) {
                names.addAll(existing(directory));
            }
            List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
            for (String name : names) {
                ColumnFamilyOptions family = optionsOf(name, shared);
                options.add(family);
                descriptors.add(new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8), family));
            }
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            RocksDB opened = RocksDB.open(db, directory.toString(), descriptors, handles);
            return new OpenedStore(opened, byFamily(List.copyOf(names), handles), handles, options);
        } catch (RocksDBException e) {
            closeAll(options);
            throw Failures.checked("can't open " + directory, e);
        } catch (IOException | RuntimeException e) {
            closeAll(options);
            throw e;
        }
    }

    /** Opens the family of fixed names only, and writes nothing but an engine's log, which is removed. */
    static byte @Nullable [] readMeta(Path directory, byte[] key) throws IOException {
        if (!Files.exists(directory.resolve("CURRENT"))) {
            throw new StorageDamagedException("no store in " + directory);
        }
        try (Options options = new Options().setInfoLogLevel(InfoLogLevel.FATAL_LEVEL);
                RocksDB db = RocksDB.openReadOnly(options, directory.toString())) {
            return db.get(key);
        } catch (RocksDBException e) {
            throw Failures.checked("can't read " + directory, e);
        } finally {
            try (var logs = Files.newDirectoryStream(directory, "LOG*")) {
                for (Path log : logs) {
                    Files.deleteIfExists(log);
                }
            }
        }
    }

    private static ColumnFamilyOptions optionsOf(String name, SharedEngine shared) {
        for (Family family : Family.values()) {
            if (family.rocksName().equals(name)) {
                return family.options(shared.table());
            }
        }
        return new ColumnFamilyOptions();
    }

    private static List<String> existing(Path directory) throws IOException {
        try (Options options = new Options()) {
            return RocksDB.listColumnFamilies(options, directory.toString()).stream().map(name -> new String(name, StandardCharsets.UTF_8))
                    .toList();
        } catch (RocksDBException e) {
            throw Failures.checked("can't open " + directory, e);
        }
    }

    /** Without its pointer file a store would be taken for a new one, and its data deleted. */
    private static void refuseLeftovers(Path directory) throws IOException {
        try (var files = Files.newDirectoryStream(directory, "*.{sst,blob}")) {
            for (Path file : files) {
                throw new StorageDamagedException("CURRENT is missing in " + directory + ", but " + file.getFileName() + " is there");
            }
        }
    }

    private static Map<Family, ColumnFamilyHandle> byFamily(List<String> names, List<ColumnFamilyHandle> handles) {
        Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            int index = names.indexOf(family.rocksName());
            if (index >= 0) {
                families.put(family, handles.get(index));
            }
        }
        return families;
    }

    RocksDB db() {
        return db;
    }

    ColumnFamilyHandle handle(Family family) {
        ColumnFamilyHandle handle = families.get(family);
        if (handle == null) {
            throw new IllegalArgumentException("the store has no family " + family);
        }
        return handle;
    }

    /** The engine's number of a family, as its batches name it. */
    int number(Family family) {
        handle(family); // refuses a family that the store hasn't got
        return numbers[family.ordinal()];
    }

    List<ColumnFamilyHandle> handles() {
        return handles;
    }

    Set<Family> families() {
        return families.keySet();
    }

    @Override
    public void close() {
        handles.forEach(ColumnFamilyHandle::close);
        db.close();
        closeAll(options);
    }

    private static void closeAll(List<RocksObject> all) {
        all.reversed().forEach(RocksObject::close);
    }
}
