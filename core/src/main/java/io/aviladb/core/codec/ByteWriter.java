package io.aviladb.core.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Appends numbers, strings and byte strings to a growing array. Not thread-safe. The counterpart of {@link ByteReader}. */
public final class ByteWriter {
    private byte[] bytes;
    private int length;

    public ByteWriter() {
        this(64);
    }

    public ByteWriter(int capacity) {
        bytes = new byte[Math.max(1, capacity)];
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    public ByteWriter writeByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
        return this;
    }

    public ByteWriter writeBoolean(boolean value) {
        return writeByte(value ? 1 : 0);
    }

    /** Big-endian, so that unsigned values keep their order as bytes. */
    public ByteWriter writeInt(int value) {
        ensure(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** Big-endian, so that unsigned values keep their order as bytes. */
    public ByteWriter writeLong(long value) {
        ensure(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** Seven bits a byte, least significant first; negative values take ten bytes. */
    public ByteWriter writeVarLong(long value) {
        ensure(varLongBytes(value));
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    /** How many bytes {@link #writeVarLong} takes. */
    public static int varLongBytes(long value) {
        return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
    }

    public ByteWriter writeVarInt(int value) {
        return writeVarLong(value & 0xFFFF_FFFFL);
    }

    /** A length, then the bytes. */
    public ByteWriter writeBytes(byte[] value) {
        writeVarInt(value.length);
        return writeRaw(value, 0, value.length);
    }

    public ByteWriter writeRaw(byte[] source, int offset, int count) {
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    public ByteWriter writeRaw(byte[] source) {
        return writeRaw(source, 0, source.length);
    }

    /** UTF-8, with its length in front. */
    public ByteWriter writeString(String value) {
        return writeBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public int length() {
        return length;
    }

    /** What was written. A writer whose capacity was exact gives its own array away: whatever is written later goes into another one. */
    public byte[] toByteArray() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
