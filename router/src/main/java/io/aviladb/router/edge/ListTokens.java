package io.aviladb.router.edge;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.session.SessionTokens;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Continuation tokens of one listing: one of another collection, prefix or scope is refused. */
public final class ListTokens {
    private final SessionTokens tokens;
    private final int digest;

    public ListTokens(SessionTokens tokens, KeyRange interval, ListQuery.Scope scope) {
        this.tokens = tokens;
        this.digest = ByteBuffer.wrap(OperationIds.digest(interval.start(), interval.end(), new byte[]{(byte) scope.ordinal()})).getInt();
    }

    /** Where to go on; empty for an empty token. @throws AvilaError {@link ErrorCode#INVALID_CONTINUATION} */
    public Optional<DocumentKey> read(String token) {
        return token.isEmpty() ? Optional.empty() : Optional.of(tokens.continuation(token, digest));
    }

    /** Empty at the end. */
    public String write(Optional<DocumentKey> next) {
        return next.map(key -> tokens.continuation(new SessionTokens.Continuation(digest, key))).orElse("");
    }
}
