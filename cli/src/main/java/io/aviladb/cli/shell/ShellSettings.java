package io.aviladb.cli.shell;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.Format;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a shell's commands change. */
public final class ShellSettings {
    private final Map<String, JsonValue> parameters = new LinkedHashMap<>();
    private String database;
    private Format format;
    private String scope = "LOCAL";
    private boolean timing;

    /** @param database may be empty */
    public ShellSettings(String database, Format format) {
        this.database = database;
        this.format = format;
    }

    String database() {
        return database;
    }

    String requireDatabase() {
        if (database.isEmpty()) {
            throw CommandFailure.usage("no database is chosen", "\\use DATABASE chooses one; \\dbs lists them.");
        }
        return database;
    }

    void use(String next) {
        database = next;
    }

    Format format() {
        return format;
    }

    void format(Format next) {
        format = next;
    }

    void scope(String next) {
        if (!next.equals("LOCAL") && !next.equals("GLOBAL")) {
            throw CommandFailure.usage("'" + next + "' is no scope", "Scopes are LOCAL and GLOBAL.");
        }
        scope = next;
    }

    boolean timing() {
        return timing;
    }

    void toggleTiming() {
        timing = !timing;
    }

    void set(String name, JsonValue value) {
        parameters.put(name.startsWith("@") ? name.substring(1) : name, value);
    }

    void unset(String name) {
        parameters.remove(name.startsWith("@") ? name.substring(1) : name);
    }

    /** A parameter that the statement doesn't name would be refused: only those that it may name go along. */
    JsonObject request(String statement) {
        Map<String, JsonValue> named = new LinkedHashMap<>(parameters);
        named.keySet().removeIf(name -> !statement.contains("@" + name));
        return Json.object("query", statement, "parameters", new JsonObject(named), "pageSize", StatementRun.PAGE_SIZE, "scope", scope);
    }
}
