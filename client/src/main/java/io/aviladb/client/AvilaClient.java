package io.aviladb.client;

import io.aviladb.client.internal.DefinitionCalls;
import io.aviladb.client.internal.DocumentCalls;
import io.aviladb.client.internal.Exceptions;
import io.aviladb.client.internal.Hosts;
import io.aviladb.client.internal.OperationIds;
import io.aviladb.client.internal.RetryBudget;
import io.aviladb.client.internal.Session;
import io.aviladb.client.internal.ThreadScheduler;
import io.aviladb.client.internal.Transport;
import io.aviladb.client.option.AvilaUrl;
import io.aviladb.core.catalog.Names;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.random.RandomSource;
import java.security.SecureRandom;

/**
 * A client of a cluster. One is enough for a program: it is thread-safe, keeps its connections, and carries one session, so that what it
 * reads never goes back behind what it has written or read.
 */
public final class AvilaClient implements AutoCloseable {
    private final AvilaUrl url;
    private final Transport transport;
    private final OperationIds ids;

    private AvilaClient(AvilaUrl url, RandomSource random) {
        this.url = url;
        this.ids = new OperationIds(random);
        this.transport = new Transport(new Hosts(url.hosts(), url.region()), new Session(), new RetryBudget(System::nanoTime),
                new ThreadScheduler(), random, System::nanoTime);
    }

    /** By {@code AVILADB_URL}, else {@code aviladb://localhost:8000}. */
    public static AvilaClient connect() {
        return connect(AvilaUrl.ofEnvironment());
    }

    /** @throws IllegalArgumentException where the URL is not one; that nobody answers is found out by the first operation */
    public static AvilaClient connect(String url) {
        return connect(AvilaUrl.parse(url));
    }

    public static AvilaClient connect(AvilaUrl url) {
        if (url.user().isPresent()) {
            throw new IllegalArgumentException("this version can't log in: leave user and secret out of " + url);
        }
        return new AvilaClient(url, RandomSource.of(new SecureRandom()));
    }

    public Databases databases() {
        return new Databases(this, new DefinitionCalls(transport, url.requests()));
    }

    /** A database by name; that it exists is found out when it is used. */
    public Database database(String name) {
        String checked = checkedName("database", name);
        return new Database(checked, new DefinitionCalls(transport, url.requests()),
                collection -> new DocumentCalls(transport, ids, checked, collection, url.requests()));
    }

    /** The database that the URL names. @throws IllegalStateException where it names none */
    public Database database() {
        return database(url.database().orElseThrow(() -> new IllegalStateException("the URL names no database: " + url)));
    }

    /** What this client has seen, for {@link #resumeSession} in another. Empty before the first answer. */
    public String sessionToken() {
        return transport.session().token();
    }

    /** Goes on with what another client has seen: reads here are not behind it. */
    public void resumeSession(String token) {
        transport.session().saw(token);
    }

    static String checkedName(String kind, String name) {
        try {
            return Names.checked(kind, name);
        } catch (AvilaError refused) {
            throw Exceptions.of(refused);
        }
    }

    /** Ends the connections. Operations under way fail. */
    @Override
    public void close() {
        transport.close();
    }

    @Override
    public String toString() {
        return "AvilaClient[" + url + "]";
    }
}
