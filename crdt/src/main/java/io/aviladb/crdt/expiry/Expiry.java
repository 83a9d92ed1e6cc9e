package io.aviladb.crdt.expiry;

import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.catalog.TtlDefinition;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;

/** When a document expires. */
public final class Expiry {
    /** Of what never expires. */
    public static final long NEVER = 0;

    private Expiry() {
    }

    /** In milliseconds since 1970; {@link #NEVER} where it doesn't, or where nothing is to be seen. */
    public static long of(LiveVersions set, PolicyHistory policies, TtlDefinition ttl) {
        if (ttl.isNone() || set.isEmpty() || set.isDeleted(policies)) {
            return NEVER;
        }
        long written = set.versions().stream().filter(version -> !version.isDelete()).map(LiveVersion::version)
                .mapToLong(version -> version.stamp().millis()).max().orElse(0);
        Optional<JsonValue> own = ttl.field().flatMap(field -> set.read(policies).flatMap(document -> document.at(field)));
        return own.map(value -> own(value, written)).orElseGet(OptionalLong::empty)
                .orElse(ttl.seconds() == 0 ? NEVER : written + ttl.seconds() * 1_000);
    }

    /** As {@link #of} of one version alone. */
    public static long of(LiveVersion version, PolicyHistory policies, TtlDefinition ttl) {
        return ttl.isNone() ? NEVER : of(LiveVersions.of(version), policies, ttl);
    }

    /** What the document says by itself; empty where that is neither a lifetime nor a time. */
    private static OptionalLong own(JsonValue value, long written) {
        if (value instanceof JsonNumber number) {
            double seconds = number.toDouble();
            return seconds > 0 && seconds <= TtlDefinition.MAX_SECONDS
                    ? OptionalLong.of(written + Math.max(1, Math.round(seconds * 1_000)))
                    : seconds <= 0 ? OptionalLong.of(NEVER) : OptionalLong.empty();
        }
        if (value instanceof JsonString text) {
            try {
                return OptionalLong.of(Math.max(1, OffsetDateTime.parse(text.value()).toInstant().toEpochMilli()));
            } catch (DateTimeException | ArithmeticException noTime) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    /** Whether what expires then is over at the stamp. */
    public static boolean isOver(long expiryMillis, HybridTimestamp at) {
        return expiryMillis != NEVER && at.millis() >= expiryMillis;
    }

    /** What is to be seen of a document at a stamp of the past. */
    public static Optional<Document> read(LiveVersions then, PolicyHistory policies, TtlDefinition ttl, HybridTimestamp at) {
        return isOver(of(then, policies, ttl), at) ? Optional.empty() : then.read(policies);
    }
}
