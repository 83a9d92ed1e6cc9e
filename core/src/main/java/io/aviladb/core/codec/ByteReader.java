package io.aviladb.core.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link ByteWriter} wrote. Every read checks its bounds: bytes from outside are checked before they are believed. */
public final class ByteReader {
    private final byte[] bytes;
    private final int end;
    private int position;

    public ByteReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public ByteReader(byte[] bytes, int offset, int count) {
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + count;
        if (offset < 0 || count < 0 || end > bytes.length) {
            throw new MalformedBytesException("interval " + offset + "+" + count + " lies outside " + bytes.length + " bytes");
        }
    }

    private void need(int count) {
        if (count < 0 || end - position < count) {
            throw new MalformedBytesException("needs " + count + " bytes at " + position + ", has " + (end - position));
        }
    }

    public int readByte() {
        need(1);
        return bytes[position++] & 0xFF;
    }

    public boolean readBoolean() {
        int value = readByte();
        if (value > 1) {
            throw new MalformedBytesException("a boolean is 0 or 1, not " + value);
        }
        return value == 1;
    }

    public int readInt() {
        need(4);
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | bytes[position++] & 0xFF;
        }
        return value;
    }

    public long readLong() {
        need(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | bytes[position++] & 0xFF;
        }
        return value;
    }

    public long readVarLong() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = readByte();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new MalformedBytesException("a variable-length number has more than ten bytes at " + position);
    }

    public int readVarInt() {
        long value = readVarLong();
        if (value >>> 32 != 0) {
            throw new MalformedBytesException("number " + value + " has more than 32 bits");
        }
        return (int) value;
    }

    /** A number of things that follow: never more than the bytes that are left. */
    public int readCount() {
        int count = readVarInt();
        need(count);
        return count;
    }

    public byte[] readBytes() {
        int count = readVarInt();
        need(count);
        byte[] value = Arrays.copyOfRange(bytes, position, position + count);
        position += count;
        return value;
    }

    public String readString() {
        int count = readVarInt();
        need(count);
        String value = new String(bytes, position, count, StandardCharsets.UTF_8);
        position += count;
        return value;
    }

    public void skip(int count) {
        need(count);
        position += count;
    }

    public int position() {
        return position;
    }

    public int remaining() {
        return end - position;
    }

    /** So many bytes, without a length in front. */
    public byte[] readRaw(int count) {
        need(count);
        byte[] value = Arrays.copyOfRange(bytes, position, position + count);
        position += count;
        return value;
    }

    public byte[] readRemaining() {
        byte[] rest = Arrays.copyOfRange(bytes, position, end);
        position = end;
        return rest;
    }

    public void expectEnd() {
        if (position != end) {
            throw new MalformedBytesException((end - position) + " bytes are left over");
        }
    }
}
