package io.aviladb.cli.http;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/** What a router answered. */
public record ApiAnswer(int status, HttpHeaders headers, byte[] body) {
    /** @throws CommandFailure where the body is no JSON */
    public JsonValue json() {
        try {
            return JsonParser.parse(body);
        } catch (AvilaError e) {
            throw CommandFailure.failed("the server's answer is not JSON: " + e.detail(), "Is this the port of an AvilaDB router?");
        }
    }

    public JsonObject object() {
        if (json() instanceof JsonObject object) {
            return object;
        }
        throw CommandFailure.failed("the server's answer is not an object", "Is this the port of an AvilaDB router?");
    }

    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** This, or the failure that the server described. */
    public ApiAnswer orThrow() {
        if (status < 400) {
            return this;
        }
        throw failure();
    }

    /** What an error answer says. */
    public CommandFailure failure() {
        JsonObject problem = problem();
        String message = Json.string(problem, "message", Json.string(problem, "detail", Json.string(problem, "title", "")));
        if (message.isEmpty()) {
            String text = new String(body, StandardCharsets.UTF_8).strip();
            message = "the server answered " + status + (text.isEmpty() ? "" : ": " + text.substring(0, Math.min(200, text.length())));
        }
        return new CommandFailure(ExitCode.ofHttpStatus(status), Json.string(problem, "code", ""), Json.string(problem, "reason", ""),
                message, Json.string(problem, "hint", ""), JsonBoolean.TRUE.equals(problem.getOrNull("retryable")),
                header("X-AvilaDB-Request-Id"));
    }

    private JsonObject problem() {
        try {
            return JsonParser.parse(body) instanceof JsonObject object ? object : JsonObject.EMPTY;
        } catch (AvilaError notJson) {
            return JsonObject.of("message", new JsonString(""));
        }
    }
}
