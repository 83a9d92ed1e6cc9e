package io.aviladb.storage.engine;

/**
 * A {@link WriteSet} in the engine's own form of a write batch, so that it crosses to native code once and not with every row.
 *
 * <p>Source: RocksDB, {@code db/write_batch.cc}: sequence (8 bytes, zero until it is written), count (4 bytes), both little-endian; then for each
 * record a tag, the family's number as a varint (with tags of its own the default family goes without), and one or two byte strings with their
 * lengths as varints in front. The form is also that of its write-ahead log and of replication, and therefore stable.
 */
final class BatchBytes {
    private static final int HEADER_BYTES = 12;
    private static final int COUNT_AT = 8;

    /** Kinds of records. */
    private enum Tag {
        DELETION(0x0, 0x4), VALUE(0x1, 0x5), RANGE_DELETION(0xF, 0xE);

        private final byte inDefault;
        private final byte inFamily;

        Tag(int inDefault, int inFamily) {
            this.inDefault = (byte) inDefault;
            this.inFamily = (byte) inFamily;
        }
    }

    private final byte[] bytes;
    private int length = HEADER_BYTES;

    private BatchBytes(int size) {
        bytes = new byte[size];
    }

    /** @param families gives the engine's number of a family */
    static byte[] of(WriteSet set, FamilyNumbers families) {
        long size = HEADER_BYTES;
        for (WriteSet.DeletedInterval interval : set.deletedIntervals()) {
            size += tagBytes(families.of(interval.family())) + stringBytes(interval.start()) + stringBytes(interval.end());
        }
        for (WriteSet.Change change : set.changes()) {
            byte[] value = change.value();
            size += tagBytes(families.of(change.family())) + stringBytes(change.key()) + (value == null ? 0 : stringBytes(value));
        }
        BatchBytes out = new BatchBytes(Math.toIntExact(size));
        for (WriteSet.DeletedInterval interval : set.deletedIntervals()) {
            out.record(Tag.RANGE_DELETION, families.of(interval.family())).string(interval.start()).string(interval.end());
        }
        for (WriteSet.Change change : set.changes()) {
            byte[] value = change.value();
            out.record(value == null ? Tag.DELETION : Tag.VALUE, families.of(change.family())).string(change.key());
            if (value != null) {
                out.string(value);
            }
        }
        return out.finish(set.deletedIntervals().size() + set.changes().size());
    }

    /** The engine's numbers of families. */
    @FunctionalInterface
    interface FamilyNumbers {
        int of(Family family);
    }

    private static int tagBytes(int family) {
        return family == 0 ? 1 : 1 + varIntBytes(family);
    }

    private static int stringBytes(byte[] string) {
        return varIntBytes(string.length) + string.length;
    }

    private static int varIntBytes(int value) {
        return value == 0 ? 1 : (38 - Integer.numberOfLeadingZeros(value)) / 7;
    }

    private BatchBytes record(Tag tag, int family) {
        bytes[length++] = family == 0 ? tag.inDefault : tag.inFamily;
        return family == 0 ? this : varInt(family);
    }

    private BatchBytes string(byte[] string) {
        varInt(string.length);
        System.arraycopy(string, 0, bytes, length, string.length);
        length += string.length;
        return this;
    }

    private BatchBytes varInt(int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            bytes[length++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    private byte[] finish(int count) {
        if (length != bytes.length) {
            throw new IllegalStateException("a batch of " + bytes.length + " bytes was filled with " + length);
        }
        for (int i = 0; i < 4; i++) {
            bytes[COUNT_AT + i] = (byte) (count >>> 8 * i);
        }
        return bytes;
    }
}
