package io.aviladb.client;

import io.aviladb.client.internal.DefinitionCalls;
import java.util.List;

/** The cluster's databases. Thread-safe. */
public final class Databases {
    private final AvilaClient client;
    private final DefinitionCalls calls;

    Databases(AvilaClient client, DefinitionCalls calls) {
        this.client = client;
        this.calls = calls;
    }

    /** @throws io.aviladb.client.error.ConflictException where there is one of this name */
    public Database create(String name) {
        Database database = client.database(name);
        calls.createDatabase(name);
        return database;
    }

    /** Their names. */
    public List<String> list() {
        return calls.databases();
    }

    /** @throws io.aviladb.client.error.ConflictException where it still has collections */
    public void drop(String name) {
        calls.deleteDatabase(name);
    }
}
