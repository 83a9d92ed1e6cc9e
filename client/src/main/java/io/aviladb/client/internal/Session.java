package io.aviladb.client.internal;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.version.VersionVector;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The token that the client carries: what its session has seen. Thread-safe.
 *
 * <p>An answer's token has joined the one that was sent with its request, so a client with one request at a time keeps the last. Of
 * requests side by side the answer that comes last need not be the one that has seen more: the token's vector, which can be read but not
 * made here, decides.
 */
public final class Session {
    private static final int HEADER_BYTES = 2; // kind, layout
    private static final int SEAL_BYTES = 8;
    private static final byte LAYOUT = 1;

    private final AtomicReference<String> token = new AtomicReference<>("");

    /** Empty before the first answer. */
    public String token() {
        return token.get();
    }

    /** An answer came. */
    public void saw(String received) {
        if (!received.isEmpty()) {
            token.updateAndGet(kept -> kept.isEmpty() || !covers(kept, received) ? received : kept);
        }
    }

    /** The server doesn't know the token: begin anew, unless that has happened already. */
    void forget(String refused) {
        token.compareAndSet(refused, "");
    }

    private static boolean covers(String kept, String received) {
        Optional<VersionVector> mine = vector(kept);
        Optional<VersionVector> theirs = vector(received);
        return mine.isPresent() && theirs.isPresent() && mine.get().covers(theirs.get());
    }

    /** Empty where the layout is one that this version doesn't know: then the last token is kept. */
    private static Optional<VersionVector> vector(String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            if (bytes.length <= HEADER_BYTES + SEAL_BYTES || bytes[0] != 's' || bytes[1] != LAYOUT) {
                return Optional.empty();
            }
            ByteReader in = new ByteReader(Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length - SEAL_BYTES));
            VersionVector vector = VersionVector.read(in);
            in.expectEnd();
            return Optional.of(vector);
        } catch (IllegalArgumentException | MalformedBytesException unknownLayout) {
            return Optional.empty();
        }
    }
}
