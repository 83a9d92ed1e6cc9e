package io.aviladb.replication.feed;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.MalformedBytesException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks the frames of one stream: all that its {@link FrameEncoder} made, in order. After a damaged frame nothing more can be unpacked: the
 * link opens a new stream. Holds memory outside the heap until it is closed. Not thread-safe.
 */
public final class FrameDecoder implements AutoCloseable {
    /** A batch, its rows, and room; a frame that claims more is damaged. */
    private static final int MAX_PLAIN_BYTES = 64 << 20;

    static {
        Brotli4jLoader.ensureAvailability();
    }

    private DecoderJNI.@Nullable Wrapper brotli;
    private boolean broken;

    /** @throws MalformedBytesException where the frame isn't what it says, or one before it wasn't */
    public byte[] decode(byte[] frame) {
        if (broken) {
            throw new MalformedBytesException("an earlier frame of the stream was damaged");
        }
        boolean done = false;
        try {
            ByteReader in = new ByteReader(frame);
            int codec = in.readByte();
            int length = in.readVarInt();
            if (length < 0 || length > MAX_PLAIN_BYTES) {
                throw new MalformedBytesException("a frame of " + length + " bytes");
            }
            int checksum = in.readVarInt();
            byte[] rest = in.readRemaining();
            byte[] plain = switch (codec) {
                case FrameEncoder.PLAIN -> rest;
                case FrameEncoder.STREAM -> unpack(rest, length);
                default -> throw new MalformedBytesException("a frame's codec " + codec + " is unknown");
            };
            if (plain.length != length) {
                throw new MalformedBytesException("a frame has " + plain.length + " bytes instead of " + length);
            }
            if (FrameEncoder.checksum(plain) != checksum) {
                throw new MalformedBytesException("a frame's checksum is wrong");
            }
            done = true;
            return plain;
        } finally {
            broken = !done;
        }
    }

    private byte[] unpack(byte[] packed, int length) {
        DecoderJNI.Wrapper decoder = open();
        ByteBuffer plain = ByteBuffer.allocate(length);
        for (int at = 0; at < packed.length; at += FrameEncoder.CHUNK_BYTES) {
            int chunk = Math.min(FrameEncoder.CHUNK_BYTES, packed.length - at);
            ByteBuffer input = decoder.getInputBuffer();
            input.clear();
            input.put(packed, at, chunk);
            decoder.push(chunk);
            drain(decoder, plain);
        }
        if (plain.hasRemaining()) {
            throw new MalformedBytesException("a frame ends " + plain.remaining() + " bytes too early");
        }
        return plain.array();
    }

    /** Takes all that the decoder can give without more input. */
    private static void drain(DecoderJNI.Wrapper decoder, ByteBuffer plain) {
        while (true) {
            if (decoder.hasOutput()) {
                ByteBuffer output = decoder.pull();
                if (output.remaining() > plain.remaining()) {
                    throw new MalformedBytesException("a frame is longer than it says");
                }
                plain.put(output);
                continue;
            }
            switch (decoder.getStatus()) {
                case NEEDS_MORE_INPUT -> {
                    decoder.push(0); // it may hold input that it had no room for
                    if (decoder.getStatus() == DecoderJNI.Status.NEEDS_MORE_INPUT && !decoder.hasOutput()) {
                        return;
                    }
                }
                case OK, NEEDS_MORE_OUTPUT -> decoder.push(0);
                case DONE, ERROR -> throw new MalformedBytesException("a frame doesn't unpack");
            }
        }
    }

    private DecoderJNI.Wrapper open() {
        DecoderJNI.Wrapper known = brotli;
        if (known == null) {
            try {
                known = new DecoderJNI.Wrapper(FrameEncoder.CHUNK_BYTES);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            brotli = known;
        }
        return known;
    }

    @Override
    public void close() {
        broken = true;
        if (brotli != null) {
            brotli.destroy();
            brotli = null;
        }
    }
}
