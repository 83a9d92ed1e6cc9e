package io.aviladb.router.edge;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** How bodies are compressed on their way. Decoding never makes more than it may. */
public enum ContentCoding {
    BR {
        @Override
        InputStream open(InputStream in) throws IOException {
            Brotli4jLoader.ensureAvailability();
            return new BrotliInputStream(in);
        }

        @Override
        public byte[] encode(byte[] plain) throws IOException {
            Brotli4jLoader.ensureAvailability();
            return Encoder.compress(plain, Encoder.Parameters.create(4));
        }
    },
    GZIP {
        @Override
        InputStream open(InputStream in) throws IOException {
            return new GZIPInputStream(in);
        }

        @Override
        public byte[] encode(byte[] plain) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2 + 64);
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(plain);
            }
            return out.toByteArray();
        }
    },
    ZSTD {
        @Override
        InputStream open(InputStream in) throws IOException {
            return new ZstdInputStream(in);
        }

        @Override
        public byte[] encode(byte[] plain) {
            return Zstd.compress(plain, 3);
        }
    };

    abstract InputStream open(InputStream in) throws IOException;

    public abstract byte[] encode(byte[] plain) throws IOException;

    /** As the headers have it. */
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty for {@code identity}. @throws AvilaError {@link ErrorCode#UNSUPPORTED_ENCODING} */
    public static Optional<ContentCoding> ofHeader(String contentEncoding) {
        String name = contentEncoding.trim().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.equals("identity")) {
            return Optional.empty();
        }
        for (ContentCoding coding : values()) {
            if (coding.token().equals(name) || coding == GZIP && name.equals("x-gzip")) {
                return Optional.of(coding);
            }
        }
        throw new AvilaError(ErrorCode.UNSUPPORTED_ENCODING, "the content encoding '" + name + "' is not known here");
    }

    /** The best that the other side accepts; empty for plain. */
    public static Optional<ContentCoding> accepted(String acceptEncoding) {
        ContentCoding best = null;
        double bestQuality = 0;
        for (String part : acceptEncoding.toLowerCase(Locale.ROOT).split(",")) {
            String[] pieces = part.trim().split(";");
            double quality = 1;
            for (int i = 1; i < pieces.length; i++) {
                String parameter = pieces[i].trim();
                if (parameter.startsWith("q=")) {
                    try {
                        quality = Double.parseDouble(parameter.substring(2));
                    } catch (NumberFormatException malformed) {
                        quality = 0;
                    }
                }
            }
            for (ContentCoding coding : values()) {
                if (coding.token().equals(pieces[0].trim()) && quality > bestQuality) {
                    best = coding;
                    bestQuality = quality;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** @param tooLarge the error where more than {@code maxBytes} come out */
    public byte[] decode(byte[] encoded, int maxBytes, ErrorCode tooLarge) {
        try (InputStream in = open(new ByteArrayInputStream(encoded))) {
            byte[] plain = in.readNBytes(maxBytes + 1);
            if (plain.length > maxBytes) {
                throw new AvilaError(tooLarge, "the body decompresses to more than " + maxBytes + " bytes");
            }
            return plain;
        } catch (IOException e) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "the body is not " + token() + ": " + e.getMessage());
        }
    }
}
