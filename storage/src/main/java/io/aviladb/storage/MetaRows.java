package io.aviladb.storage;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.storage.engine.EngineReader;
import io.aviladb.storage.engine.EngineStore;
import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.StorageDamagedException;
import io.aviladb.storage.engine.StorageException;
import io.aviladb.storage.engine.StorageFormatException;
import io.aviladb.storage.engine.WriteSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The rows of fixed names. The store's own begin with 0, its users' with 1. */
final class MetaRows {
    static final byte[] APPLIED = {0, 'a'};
    static final byte[] FORMAT = {0, 'f'};
    static final byte[] FEED_TRIMMED = {0, 't'};
    /**
     * Raised when rows change their layout. 2: a range's cursors and marks name the keys that they are about, and a feed row says whether it
     * was its document's first. 3: a range's row holds its collection and its bounds, since ranges split and merge. 4: a range's row names the indexes of its
     * collection, and how far each is built.
     */
    static final int FORMAT_VERSION = 4;

    private MetaRows() {
    }

    static byte[] userKey(byte[] name) {
        return new ByteWriter(name.length + 1).writeByte(1).writeRaw(name).toByteArray();
    }

    /** Visits the users' rows whose names begin with the prefix. */
    static void scan(EngineReader rows, byte[] prefix, BiConsumer<byte[], byte[]> visitor) {
        KeyRange range = KeyRange.prefix(userKey(prefix));
        rows.scan(Family.META, range.start(), range.end(), (key, value) -> {
            visitor.accept(Arrays.copyOfRange(key, 1, key.length), value);
            return true;
        });
    }

    /** What a store is: written by the first batch, so that it becomes durable with it. */
    static void putFormat(WriteSet set, String kind) {
        set.put(Family.META, FORMAT, new ByteWriter().writeString(kind).writeVarInt(FORMAT_VERSION).toByteArray());
    }

    /**
     * @return what is applied; {@link Applied#NOTHING} for a new store
     * @throws StorageFormatException
     *             where the store is of another kind, or newer than this program
     */
    static Applied check(EngineReader rows, String kind, Path directory) throws IOException {
        try {
            return checkRows(rows, kind, directory);
        } catch (StorageException e) {
            throw e.reason() == StorageException.Reason.DAMAGED
                    ? new StorageDamagedException("a fixed row is damaged in " + directory, e)
                    : new IOException("can't read " + directory, e);
        }
    }

    private static Applied checkRows(EngineReader rows, String kind, Path directory) throws IOException {
        byte[] format = rows.get(Family.META, FORMAT);
        byte[] applied = rows.get(Family.META, APPLIED);
        if (format == null) {
            if (applied != null) {
                throw new StorageDamagedException("the format's row is missing in " + directory);
            }
            return Applied.NOTHING;
        }
        try {
            checkFormat(format, kind, directory);
            if (applied == null) {
                throw new StorageDamagedException("the applied position is missing in " + directory);
            }
            return Applied.decode(applied);
        } catch (MalformedBytesException | IllegalArgumentException e) {
            throw new StorageDamagedException("a fixed row is damaged in " + directory, e);
        }
    }

    private static void checkFormat(byte[] format, String kind, Path directory) throws IOException {
        ByteReader in = new ByteReader(format);
        String found = in.readString();
        int version = in.readVarInt();
        if (!found.equals(kind)) {
            throw new StorageFormatException(directory + " holds a store of kind '" + found + "', not '" + kind + "'");
        }
        if (version > FORMAT_VERSION) {
            throw new StorageFormatException(directory + " was written in format " + version + "; this program reads up to "
                    + FORMAT_VERSION + ": start a newer version of AvilaDB on it");
        }
        if (version < FORMAT_VERSION) {
            throw new StorageFormatException(
                    directory + " was written in format " + version + ", before the first release; this program reads "
                            + FORMAT_VERSION + ": begin with an empty directory");
        }
    }

    /** What a directory holds that no one has open. */
    static Applied appliedOf(Path directory) throws IOException {
        byte[] applied = EngineStore.readMeta(directory, APPLIED);
        try {
            return applied == null ? Applied.NOTHING : Applied.decode(applied);
        } catch (MalformedBytesException | IllegalArgumentException e) {
            throw new StorageDamagedException("the applied position is damaged in " + directory, e);
        }
    }

    static byte[] stampRow(HybridTimestamp stamp) {
        return new ByteWriter(8).writeLong(stamp.bits()).toByteArray();
    }

    static HybridTimestamp stampOf(byte @Nullable [] row) {
        return row == null ? HybridTimestamp.ZERO : new HybridTimestamp(new ByteReader(row).readLong());
    }
}
