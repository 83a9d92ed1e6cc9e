package io.aviladb.replication.feed;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.Decoder;
import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import com.aayushatharva.brotli4j.decoder.DirectDecompress;
import com.aayushatharva.brotli4j.encoder.Encoder;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Frames of a link: Brotli over the whole batch, since blocks compress four times better than single documents. */
public final class Compression {
    /** Measured on the players data: 4 gives most of the ratio at a third of the time of 6. */
    private static final int QUALITY = 4;
    private static final int PLAIN = 0;
    private static final int BROTLI = 1;
    /** Smaller frames don't gain. */
    private static final int MIN_BYTES = 256;
    /** A batch, its rows, and room; a frame that claims more is damaged. */
    private static final int MAX_PLAIN_BYTES = 64 << 20;

    static {
        Brotli4jLoader.ensureAvailability();
    }

    private Compression() {
    }

    public static byte[] compress(byte[] plain) {
        if (plain.length >= MIN_BYTES) {
            try {
                byte[] packed = Encoder.compress(plain, Encoder.Parameters.create(QUALITY));
                if (packed.length < plain.length) {
                    return new ByteWriter(packed.length + 8).writeByte(BROTLI).writeVarInt(plain.length).writeRaw(packed).toByteArray();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new ByteWriter(plain.length + 8).writeByte(PLAIN).writeVarInt(plain.length).writeRaw(plain).toByteArray();
    }

    /** @throws MalformedBytesException where the frame isn't what it says */
    public static byte[] decompress(byte[] frame) {
        ByteReader in = new ByteReader(frame);
        int codec = in.readByte();
        int length = in.readVarInt();
        if (length < 0 || length > MAX_PLAIN_BYTES) {
            throw new MalformedBytesException("a frame of " + length + " bytes");
        }
        byte[] rest = in.readRemaining();
        byte[] plain = codec == PLAIN ? rest : brotli(rest);
        if (codec > BROTLI || plain.length != length) {
            throw new MalformedBytesException("a frame's length or codec is wrong");
        }
        return plain;
    }

    private static byte[] brotli(byte[] packed) {
        try {
            DirectDecompress result = Decoder.decompress(packed);
            if (result.getResultStatus() != DecoderJNI.Status.DONE) {
                throw new MalformedBytesException("a frame doesn't decompress: " + result.getResultStatus());
            }
            return result.getDecompressedData();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
