package io.aviladb.replication.feed;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.aayushatharva.brotli4j.encoder.EncoderJNI;
import io.aviladb.core.codec.ByteWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Packs the frames of one stream, one after the other, as one Brotli stream that is flushed after each frame: a frame is packed against those
 * before it, so that a few documents pack as well as a few thousand do. Only {@link FrameDecoder} unpacks them, all and in order.
 *
 * <p>Holds memory outside the heap until it is closed. Thread-safe, since a stream may be cancelled while a frame is made.
 */
public final class FrameEncoder implements AutoCloseable {
    static final int PLAIN = 0;
    static final int STREAM = 1;
    /** Measured on the players data: 4 gives most of the ratio at a third of the time of 6. */
    private static final int QUALITY = 4;
    /** 256 KB of earlier frames to refer to: larger windows cost memory for each link and gained less than 2 %. */
    private static final int WINDOW_BITS = 18;
    static final int CHUNK_BYTES = 32 << 10;
    /** Smaller frames don't gain. */
    private static final int MIN_BYTES = 64;

    static {
        Brotli4jLoader.ensureAvailability();
    }

    private EncoderJNI.@Nullable Wrapper brotli; // made for the first frame that is worth it
    private boolean closed;

    /** @throws IllegalStateException after {@link #close} */
    public synchronized byte[] encode(byte[] plain) {
        if (closed) {
            throw new IllegalStateException("the stream of frames is closed");
        }
        boolean worthIt = plain.length >= MIN_BYTES;
        byte[] packed = worthIt ? pack(plain) : plain;
        return new ByteWriter(packed.length + 12).writeByte(worthIt ? STREAM : PLAIN).writeVarInt(plain.length).writeVarInt(checksum(plain))
                .writeRaw(packed).toByteArray();
    }

    /** Of the frame as it was: bytes lost on the way could else unpack to something of the same length. */
    static int checksum(byte[] plain) {
        CRC32C crc = new CRC32C();
        crc.update(plain);
        return (int) crc.getValue() >>> 1; // a varint is no negative number
    }

    private byte[] pack(byte[] plain) {
        EncoderJNI.Wrapper encoder = open();
        ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 4 + 64);
        for (int at = 0; at < plain.length; at += CHUNK_BYTES) {
            int length = Math.min(CHUNK_BYTES, plain.length - at);
            ByteBuffer input = encoder.getInputBuffer();
            input.clear();
            input.put(plain, at, length);
            push(encoder, EncoderJNI.Operation.PROCESS, length, packed);
        }
        push(encoder, EncoderJNI.Operation.FLUSH, 0, packed);
        return packed.toByteArray();
    }

    private static void push(EncoderJNI.Wrapper encoder, EncoderJNI.Operation operation, int length, ByteArrayOutputStream packed) {
        encoder.push(operation, length);
        while (encoder.isSuccess() && (encoder.hasMoreOutput() || encoder.hasRemainingInput())) {
            if (encoder.hasMoreOutput()) {
                ByteBuffer output = encoder.pull();
                byte[] bytes = new byte[output.remaining()];
                output.get(bytes);
                packed.writeBytes(bytes);
            } else {
                encoder.push(operation, 0);
            }
        }
        if (!encoder.isSuccess()) {
            throw new IllegalStateException("the frame can't be packed");
        }
    }

    private EncoderJNI.Wrapper open() {
        EncoderJNI.Wrapper known = brotli;
        if (known == null) {
            try {
                known = new EncoderJNI.Wrapper(CHUNK_BYTES, QUALITY, WINDOW_BITS, Encoder.Mode.GENERIC);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            brotli = known;
        }
        return known;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (brotli != null) {
            brotli.destroy();
            brotli = null;
        }
    }
}
