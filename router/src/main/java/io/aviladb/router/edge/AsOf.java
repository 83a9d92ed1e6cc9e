package io.aviladb.router.edge;

import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.time.HybridTimestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The value of a query's AS OF: a version, milliseconds since 1970, or a time with its offset. */
final class AsOf {
    private static final Pattern VERSION = Pattern.compile("[0-9a-f]{16}-[0-9]+");

    private AsOf() {
    }

    /** The first cut that includes it. @throws AvilaError where the value is no time, or lies in the future */
    static HybridTimestamp cut(@Nullable JsonValue value, long nowMillis) {
        if (value instanceof JsonString text && VERSION.matcher(text.value()).matches()) {
            return Snapshots.cut("AS OF", text.value(), nowMillis);
        }
        long millis = switch (value) {
            case JsonString text -> instant(text.value()).toEpochMilli();
            case JsonNumber number when number.toLong() instanceof OptionalLong whole && whole.isPresent() -> whole.getAsLong();
            case null, default -> throw malformed();
        };
        if (millis < 0 || millis > HybridTimestamp.MAX_MILLIS) {
            throw malformed();
        }
        return Snapshots.cut("AS OF", HybridTimestamp.ofMillis(millis), nowMillis);
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw malformed();
        }
    }

    private static AvilaError malformed() {
        return new AvilaError(ErrorCode.QUERY_INVALID,
                "AS OF is a version, milliseconds since 1970, or a time like '2026-01-31T12:00:00Z'");
    }
}
