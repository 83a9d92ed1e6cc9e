package io.aviladb.cli.fault;

import io.aviladb.cli.http.Json;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.Set;

/** One body of {@code POST /v1/faults}. A place is a region's name or a node's. */
public sealed interface FaultCommand {
    record Kill(String place) implements FaultCommand {}

    record Restart(String place) implements FaultCommand {}

    record Cut(String one, String other) implements FaultCommand {}

    record Isolate(String region) implements FaultCommand {}

    record Delay(String one, String other, long millis) implements FaultCommand {}

    record Clock(String node, long offsetMillis) implements FaultCommand {}

    record Heal() implements FaultCommand {}

    /** @throws AvilaError {@link ErrorCode#MALFORMED_REQUEST} where the body is no command: it has exactly the members of one */
    static FaultCommand parse(JsonObject body) {
        Set<String> members = body.members().keySet();
        if (members.equals(Set.of("kill"))) {
            return new Kill(text(body, "kill"));
        }
        if (members.equals(Set.of("restart"))) {
            return new Restart(text(body, "restart"));
        }
        if (members.equals(Set.of("cut"))) {
            return new Cut(place(body, "cut", 0), place(body, "cut", 1));
        }
        if (members.equals(Set.of("isolate"))) {
            return new Isolate(text(body, "isolate"));
        }
        if (members.equals(Set.of("delay", "ms"))) {
            long millis = number(body, "ms");
            if (millis < 0 || millis > 600_000) {
                throw malformed("'ms' is 0 to 600000");
            }
            return new Delay(place(body, "delay", 0), place(body, "delay", 1), millis);
        }
        if (members.equals(Set.of("clock", "offsetMs"))) {
            return new Clock(text(body, "clock"), number(body, "offsetMs"));
        }
        if (members.equals(Set.of("heal")) && JsonBoolean.TRUE.equals(body.getOrNull("heal"))) {
            return new Heal();
        }
        throw malformed("a fault is one of {\"kill\": place}, {\"restart\": place}, {\"cut\": [place, place]}, {\"isolate\": region},"
                + " {\"delay\": [place, place], \"ms\": n}, {\"clock\": node, \"offsetMs\": n}, {\"heal\": true}");
    }

    private static String text(JsonObject body, String member) {
        String text = Json.string(body, member, "");
        if (text.isEmpty()) {
            throw malformed("'" + member + "' names a region or a node");
        }
        return text;
    }

    private static String place(JsonObject body, String member, int index) {
        if (body.getOrNull(member) instanceof JsonArray array && array.elements().size() == 2
                && array.elements().get(index) instanceof JsonString text) {
            return text.value();
        }
        throw malformed("'" + member + "' is an array of two regions or nodes");
    }

    private static long number(JsonObject body, String member) {
        JsonValue value = body.getOrNull(member);
        if (value instanceof JsonNumber number && number.toLong().isPresent()) {
            return number.toLong().getAsLong();
        }
        throw malformed("'" + member + "' is an integer, in milliseconds");
    }

    private static AvilaError malformed(String detail) {
        return new AvilaError(ErrorCode.MALFORMED_REQUEST, detail);
    }
}
