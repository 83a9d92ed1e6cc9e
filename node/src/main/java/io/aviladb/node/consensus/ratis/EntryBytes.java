package io.aviladb.node.consensus.ratis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteOutput;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * An entry's bytes as an array, without a copy where they are one: followers apply entries of many documents, and a copy of each costs a tenth of what
 * they allocate. Nobody changes the array: state machines only read it.
 */
final class EntryBytes extends ByteOutput {
    private final int size;
    private byte[] bytes = {};
    private int length;

    private EntryBytes(int size) {
        this.size = size;
    }

    static byte[] of(ByteString data) {
        EntryBytes out = new EntryBytes(data.size());
        try {
            UnsafeByteOperations.unsafeWriteTo(data, out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory fails nowhere", e);
        }
        return out.bytes;
    }

    /** Its caller promises not to change the array: it may be kept. */
    @Override
    public void writeLazy(byte[] value, int offset, int count) {
        if (offset == 0 && count == size && value.length == size) {
            bytes = value;
            length = size;
        } else {
            write(value, offset, count);
        }
    }

    @Override
    public void write(byte[] value, int offset, int count) {
        System.arraycopy(value, offset, room(), length, count);
        length += count;
    }

    private byte[] room() {
        if (bytes.length < size) {
            bytes = new byte[size];
        }
        return bytes;
    }

    @Override
    public void write(byte value) {
        room()[length++] = value;
    }

    @Override
    public void write(ByteBuffer value) {
        int count = value.remaining();
        value.get(room(), length, count);
        length += count;
    }

    @Override
    public void writeLazy(ByteBuffer value) {
        write(value);
    }
}
