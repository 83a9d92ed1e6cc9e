package io.aviladb.cli;

import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;

/** A command ends without having done what it was asked for. Says why, and what to do about it. */
public final class CommandFailure extends RuntimeException {
    private final int exitCode;
    private final String code;
    private final String reason;
    private final String hint;
    private final boolean retryable;
    private final String requestId;

    /** @param code {@code AVL-nnnn}, empty where the catalogue has none; the other texts may be empty too */
    public CommandFailure(int exitCode, String code, String reason, String message, String hint, boolean retryable, String requestId) {
        super(message, null, false, false); // an outcome, not an accident: no stack trace
        this.exitCode = exitCode;
        this.code = code;
        this.reason = reason;
        this.hint = hint;
        this.retryable = retryable;
        this.requestId = requestId;
    }

    public static CommandFailure of(int exitCode, String message, String hint) {
        return new CommandFailure(exitCode, "", "", message, hint, exitCode == ExitCode.UNAVAILABLE, "");
    }

    public static CommandFailure failed(String message, String hint) {
        return of(ExitCode.FAILED, message, hint);
    }

    public static CommandFailure usage(String message, String hint) {
        return of(ExitCode.USAGE, message, hint);
    }

    public static CommandFailure unavailable(String message, String hint) {
        return of(ExitCode.UNAVAILABLE, message, hint);
    }

    public int exitCode() {
        return exitCode;
    }

    public String code() {
        return code;
    }

    public String hint() {
        return hint;
    }

    public boolean retryable() {
        return retryable;
    }

    public String message() {
        return String.valueOf(getMessage());
    }

    /** For people: the error, its cause where the catalogue knows one, the fix, and where to read more. */
    public String toText() {
        StringBuilder text = new StringBuilder("error");
        if (!code.isEmpty()) {
            text.append(' ').append(code);
        }
        text.append(": ").append(message()).append('\n');
        catalogued().ifPresent(known -> text.append("  cause  ").append(known.explanation()).append('\n'));
        if (!hint.isEmpty()) {
            text.append("  fix    ").append(hint).append('\n');
        }
        if (!code.isEmpty()) {
            text.append("  more   aviladb errors ").append(code.replace("AVL-", ""));
            if (!requestId.isEmpty()) {
                text.append("   request ").append(requestId);
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** For programs: one line. */
    public String toJson() {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("code", new JsonString(code));
        members.put("reason", new JsonString(reason.isEmpty() ? catalogued().map(ErrorCode::name).orElse("") : reason));
        members.put("message", new JsonString(message()));
        members.put("hint", new JsonString(hint));
        members.put("retryable", retryable ? JsonBoolean.TRUE : JsonBoolean.FALSE);
        members.put("docs", new JsonString(code.isEmpty() ? "" : "docs/errors.md#" + code.toLowerCase(java.util.Locale.ROOT)));
        members.put("traceId", new JsonString(requestId));
        return new JsonObject(members).toJson();
    }

    private java.util.Optional<ErrorCode> catalogued() {
        return code.startsWith("AVL-") ? ErrorCode.ofNumber(Integer.parseInt(code.substring(4))) : java.util.Optional.empty();
    }
}
