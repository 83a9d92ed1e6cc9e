package io.aviladb.router.session;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.version.VersionVector;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes and reads what clients carry from one request to the next. Thread-safe. */
public final class SessionTokens {
    /** Tokens remembered in each direction; one takes the place of another with the same hash. A power of two. */
    private static final int KNOWN = 1024;
    private static final char SESSION = 's';
    private static final char CONTINUATION = 'c';
    private static final char QUERY = 'q';

    /**
     * Where a listing goes on.
     *
     * @param query a digest of what is listed: collection, prefix, scope
     * @param after the last key given out
     */
    public record Continuation(int query, DocumentKey after) {}

    /** A token and what it says: most come again and again, and a seal costs more than a look. */
    private record Known(String token, VersionVector seen) {}

    private record Keyed(byte[] secret, SealedTokens tokens, AtomicReferenceArray<Known> sealed, AtomicReferenceArray<Known> opened) {
        Keyed(byte[] secret) {
            this(secret, new SealedTokens(secret), new AtomicReferenceArray<>(KNOWN), new AtomicReferenceArray<>(KNOWN));
        }
    }

    private final Supplier<byte[]> secret;
    private volatile @Nullable Keyed keyed; // made anew when the secret becomes known

    /** @param secret the cluster's, empty until it is known */
    public SessionTokens(Supplier<byte[]> secret) {
        this.secret = secret;
    }

    private SealedTokens tokens() {
        return keyed().tokens;
    }

    private Keyed keyed() {
        byte[] now = secret.get();
        if (now.length == 0) {
            throw new AvilaError(ErrorCode.NOT_READY, "the cluster's catalog isn't known here yet");
        }
        Keyed known = keyed;
        if (known == null || !Arrays.equals(known.secret, now)) {
            known = new Keyed(now);
            keyed = known;
        }
        return known;
    }

    public String session(VersionVector seen) {
        Keyed now = keyed();
        int slot = slot(seen);
        Known known = now.sealed.get(slot);
        if (known == null || !known.seen.equals(seen)) {
            known = new Known(now.tokens.seal(SESSION, seen.toByteArray()), seen);
            now.sealed.set(slot, known);
        }
        return known.token;
    }

    private static int slot(Object key) {
        int hash = key.hashCode();
        return (hash ^ hash >>> 16) & KNOWN - 1;
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_SESSION} */
    public VersionVector session(String token) {
        Keyed now = keyed();
        int slot = slot(token);
        Known known = now.opened.get(slot);
        if (known == null || !known.token.equals(token)) {
            known = new Known(token, opened(now.tokens, token));
            now.opened.set(slot, known);
        }
        return known.seen;
    }

    private static VersionVector opened(SealedTokens tokens, String token) {
        byte[] content = tokens.open(SESSION, token).orElseThrow(SessionTokens::invalidSession);
        try {
            ByteReader in = new ByteReader(content);
            VersionVector seen = VersionVector.read(in);
            in.expectEnd();
            return seen;
        } catch (MalformedBytesException damaged) {
            throw invalidSession();
        }
    }

    private static AvilaError invalidSession() {
        return new AvilaError(ErrorCode.INVALID_SESSION, "the session token was not made by this cluster, or was changed on its way");
    }

    public String continuation(Continuation next) {
        return tokens().seal(CONTINUATION, new ByteWriter().writeInt(next.query).writeBytes(next.after.bytes()).toByteArray());
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_CONTINUATION} also where the token belongs to another listing */
    public DocumentKey continuation(String token, int query) {
        byte[] content = tokens().open(CONTINUATION, token)
                .orElseThrow(() -> new AvilaError(ErrorCode.INVALID_CONTINUATION, "the continuation token was not made by this cluster"));
        ByteReader in = new ByteReader(content);
        if (in.readInt() != query) {
            throw new AvilaError(ErrorCode.INVALID_CONTINUATION, "the continuation token belongs to another listing");
        }
        return new DocumentKey(in.readBytes());
    }

    /** @param query 16 bytes that tell the query, its parameters and its collection @param position where it goes on */
    public String queryContinuation(byte[] query, byte[] position) {
        return tokens().seal(QUERY, new ByteWriter().writeBytes(query).writeBytes(position).toByteArray());
    }

    /** The position. @throws AvilaError {@link ErrorCode#INVALID_CONTINUATION} also where the token belongs to another query */
    public byte[] queryContinuation(String token, byte[] query) {
        byte[] content = tokens().open(QUERY, token)
                .orElseThrow(() -> new AvilaError(ErrorCode.INVALID_CONTINUATION, "the continuation token was not made by this cluster"));
        ByteReader in = new ByteReader(content);
        if (!Arrays.equals(in.readBytes(), query)) {
            throw new AvilaError(ErrorCode.INVALID_CONTINUATION,
                    "the continuation token belongs to another query, or to other parameters");
        }
        return in.readBytes();
    }
}
