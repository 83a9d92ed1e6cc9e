package io.aviladb.chaos.cluster.loopback;

import io.aviladb.chaos.history.Edn;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What a client was told, as far as it tells whether its operation happened: the answer's own claim, which histories put to the test. */
sealed interface Answered {
    /** How long a client waits; the server is asked to give up before. */
    Duration LONGEST = Duration.ofSeconds(6);
    String SERVER_MILLIS = "4000";

    /** It happened. */
    record Done(Rest.Answer answer) implements Answered {
        /** The session token. */
        String session() {
            return answer.header("x-aviladb-session");
        }
    }

    /** It certainly did not happen. */
    record Refused(ErrorCode code) implements Answered {}

    /** Nobody knows. */
    record Unknown(String why) implements Answered {}

    static Answered of(Rest rest, String method, String path, String body, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("x-aviladb-timeout", SERVER_MILLIS);
        try {
            Rest.Answer answer = rest.tryCall(method, path, body.getBytes(StandardCharsets.UTF_8), all, LONGEST);
            if (answer.status() < 300) {
                return new Done(answer);
            }
            ErrorCode code = ErrorCode.ofNumber(Integer.parseInt(answer.string("code").substring("AVL-".length()))).orElseThrow();
            return code.outcome() == ErrorCode.Outcome.NOT_APPLIED ? new Refused(code) : new Unknown(code.code());
        } catch (IOException e) {
            return new Unknown(e.getClass().getSimpleName());
        }
    }

    /** Physical milliseconds and counter of a version such as {@code 01a2260bd0a60000-1}. */
    static Edn stamp(String version) {
        return Edn.of(Long.parseUnsignedLong(version.substring(0, version.indexOf('-')), 16));
    }

    /** The region's incarnation in a version. */
    static Edn origin(String version) {
        return Edn.of(version.substring(version.indexOf('-') + 1));
    }

    /** A member that is an integer. */
    static Edn number(JsonObject document, String member) {
        return Edn.of(((JsonNumber) document.get(member).orElseThrow()).toLong().orElseThrow());
    }

    /** The version that an answer's metadata name. */
    static String version(JsonObject document) {
        return ((JsonString) document.get("_version").orElseThrow()).value();
    }
}
