package io.aviladb.router.edge;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A caller's trace, of the header {@code traceparent}. Source: W3C, <em>Trace Context</em>, level 1, section 3.2. A header that is malformed is as if
 * there were none, as the recommendation asks: a trace is never a reason to refuse.
 *
 * @param traceId 32 hexadecimal digits
 * @param flags 2 hexadecimal digits, passed on as they came
 */
public record TraceContext(String traceId, String flags) {
    public static final String HEADER = "traceparent";
    private static final Pattern PARENT = Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    public static Optional<TraceContext> parse(@Nullable String header) {
        Matcher parts = PARENT.matcher(header == null ? "" : header.trim());
        if (!parts.matches() || parts.group(1).equals("ff") || parts.group(1).equals("00") && parts.group(5) != null
                || isZero(parts.group(2)) || isZero(parts.group(3))) {
            return Optional.empty();
        }
        return Optional.of(new TraceContext(parts.group(2), parts.group(4)));
    }

    private static boolean isZero(String digits) {
        return digits.chars().allMatch(digit -> digit == '0');
    }

    /** The header of the answer: this server's part of the trace goes by the request's id. @param requestId 16 hexadecimal digits */
    public String header(String requestId) {
        return "00-" + traceId + "-" + requestId + "-" + flags;
    }
}
