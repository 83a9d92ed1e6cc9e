package io.aviladb.router.edge.rest;

import io.aviladb.core.consistency.Durability;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.Precondition;
import io.aviladb.router.edge.DocumentOperations;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.OperationIds;
import io.aviladb.router.edge.RegionPreference;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.edge.Snapshots;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.session.EntityTag;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Request headers as values. */
final class RequestHeaders {
    private static final long MAX_TIMEOUT_MILLIS = 300_000;
    private static final int MAX_KEY_LENGTH = 255;
    private static final Pattern IDEMPOTENCY = Pattern
            .compile("\\s*(?:\"([^\"]*)\"|([^\";]*?))\\s*(?:;\\s*region\\s*=\\s*\"?([^\";]*?)\"?\\s*)?");

    private final Edge edge;

    RequestHeaders(Edge edge) {
        this.edge = edge;
    }

    Deadline deadline(RestRequest request) {
        Duration timeout = request.header("x-aviladb-timeout")
                .map(text -> Duration.ofMillis(number("X-AvilaDB-Timeout", text, 1, MAX_TIMEOUT_MILLIS))).orElse(edge.defaultTimeout());
        return new Deadline(edge.clock(), request.startNanos() + timeout.toNanos(), request.caller());
    }

    RequestTerms terms(RestRequest request) {
        request.header("authorization").ifPresent(value -> {
            throw new AvilaError(ErrorCode.NOT_IMPLEMENTED, "this server asks for no credentials and can't check any yet");
        });
        Optional<String> session = request.header("x-aviladb-session").filter(text -> !text.isBlank());
        VersionVector token = session.map(text -> edge.tokens().session(text.trim())).orElse(VersionVector.EMPTY);
        ReadConsistency consistency = request.header("x-aviladb-consistency")
                .map(text -> choice("X-AvilaDB-Consistency", ReadConsistency.class, text))
                .orElse(DocumentOperations.defaultConsistency(session.isPresent()));
        Durability durability = request.header("x-aviladb-durability").map(text -> choice("X-AvilaDB-Durability", Durability.class, text))
                .orElse(Durability.LOCAL);
        Optional<String> staleness = request.header("x-aviladb-max-staleness");
        long bound = staleness.map(text -> number("X-AvilaDB-Max-Staleness", text, 0, Long.MAX_VALUE)).orElse(0L);
        Optional<String> snapshot = request.header(Snapshots.HEADER);
        RequestTerms.check(consistency, staleness.isPresent(), snapshot.isPresent());
        VersionVector demand = consistency == ReadConsistency.BOUNDED
                ? RequestTerms.upTo(edge.clock().millis() - bound, edge.tracker().map())
                : token;
        RequestTerms terms = new RequestTerms(token, consistency, demand, durability, deadline(request), regions(request));
        return snapshot.map(version -> terms.at(Snapshots.cut("X-AvilaDB-Snapshot", version, edge.clock().millis()), edge.tracker().map()))
                .orElse(terms);
    }

    private List<RegionId> regions(RestRequest request) {
        List<String> names = request.header("x-aviladb-region").filter(text -> !text.isBlank()).map(text -> List.of(text.split(",")))
                .orElse(List.of());
        return RegionPreference.choose("X-AvilaDB-Region", names, edge.tracker());
    }

    /** If-Match and If-None-Match. @param putAbsent whether {@code If-None-Match: *} is known to the operation */
    Precondition precondition(RestRequest request, boolean putAbsent) {
        Optional<String> match = request.header("if-match");
        Optional<String> noneMatch = request.header("if-none-match");
        if (noneMatch.isPresent()) {
            if (match.isPresent() || !putAbsent || !noneMatch.get().trim().equals("*")) {
                throw new AvilaError(ErrorCode.INVALID_HEADER, "If-None-Match is '*', comes with PUT, and without If-Match");
            }
            return Precondition.ABSENT;
        }
        if (match.isEmpty()) {
            return Precondition.NONE;
        }
        return match.get().trim().equals("*") ? Precondition.PRESENT : matches(match.get());
    }

    private static Precondition matches(String tag) {
        return EntityTag.parse(tag.trim()).<Precondition>map(Precondition.Matches::new).orElseThrow(
                () -> new AvilaError(ErrorCode.PRECONDITION_FAILED,
                        "no document has had the ETag " + tag.substring(0, Math.min(80, tag.length()))));
    }

    /** The operation that an Idempotency-Key names, absent without one. */
    @Nullable
    OperationId operation(RestRequest request, int collection, byte[] body) {
        Optional<String> header = request.header("idempotency-key");
        if (header.isEmpty()) {
            return null;
        }
        Matcher parts = IDEMPOTENCY.matcher(header.get());
        String key = !parts.matches() ? "" : parts.group(1) != null ? parts.group(1) : parts.group(2);
        if (key.isEmpty() || key.length() > MAX_KEY_LENGTH) {
            throw new AvilaError(ErrorCode.INVALID_HEADER,
                    "Idempotency-Key is \"k\" or \"k\"; region=name, with 1 to " + MAX_KEY_LENGTH + " characters");
        }
        RegionId region = parts.group(3) == null
                ? edge.tracker().own()
                : RegionPreference.known("Idempotency-Key", parts.group(3), edge.tracker());
        String asked = String.join("\n", request.http().method().name(), request.http().path(), request.header("if-match").orElse(""),
                request.header("if-none-match").orElse(""), request.mediaType());
        byte[] digest = OperationIds.digest(asked.getBytes(StandardCharsets.UTF_8), body);
        return OperationIds.ofKey(key, collection, OperationIds.incarnation(edge.tracker().map(), region), digest, edge.clock().millis());
    }

    private static long number(String header, String text, long min, long max) {
        try {
            long value = Long.parseLong(text.trim());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException malformed) {
            // told below, like a number outside the bounds
        }
        throw new AvilaError(ErrorCode.INVALID_HEADER,
                header + " is a number of milliseconds from " + min + " to " + max + ", not '" + text + "'");
    }

    private static <E extends Enum<E>> E choice(String header, Class<E> type, String text) {
        for (E value : type.getEnumConstants()) {
            if (value.name().toLowerCase(Locale.ROOT).equals(text.trim().toLowerCase(Locale.ROOT))) {
                return value;
            }
        }
        throw new AvilaError(ErrorCode.INVALID_HEADER, header + " can't be '" + text + "'");
    }
}
