package io.aviladb.benchmarks;

import io.aviladb.benchmarks.cluster.Folder;
import io.aviladb.benchmarks.cluster.LocalCluster;
import io.aviladb.benchmarks.cluster.Postgres;
import io.aviladb.benchmarks.cluster.Waiting;
import io.aviladb.benchmarks.load.Arguments;
import io.aviladb.benchmarks.load.ClosedLoop;
import io.aviladb.benchmarks.load.Documents;
import io.aviladb.benchmarks.load.Measurement;
import io.aviladb.benchmarks.load.Results;
import io.aviladb.client.AvilaClient;
import io.aviladb.client.Collection;
import io.aviladb.client.CollectionSpec;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.server.NodeLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Queries of one region of one node beside PostgreSQL's over {@code jsonb} with equivalent indexes, over the same documents of 1 KB: one by its key, the 20
 * best of a city by an index, groups over all. Both on this machine, one after the other; clients run on it, too.
 *
 * <p>Arguments: {@code documents}, {@code seconds} per line, {@code postgres} the folder of its programs, {@code dir} for data, which go at the end.
 */
public final class QueriesSideBySide {
    private static final int MANY = 64;
    private static final int CITIES = 100;
    private static final RegionId REGION = new RegionId("local");
    private static final String BEST = "SELECT * FROM players WHERE city = @city ORDER BY rating DESC LIMIT 20";
    private static final String GROUPS = "SELECT city, COUNT(*) AS n, AVG(rating) AS rating FROM players GROUP BY city";

    private final int count;
    private final double seconds;
    private final Path postgres;
    private final Documents documents = new Documents();
    private final Results results = new Results(System.out);

    private QueriesSideBySide(Arguments arguments) {
        this.count = arguments.count("documents");
        this.seconds = arguments.seconds("seconds");
        this.postgres = Path.of(arguments.text("postgres"));
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Arguments arguments = Arguments.parse(args,
                Map.of("documents", "20000", "seconds", "5", "dir", "target/data", "postgres", "/usr/lib/postgresql/15/bin"));
        try (Folder folder = Folder.in(Path.of(arguments.text("dir")).toAbsolutePath())) {
            new QueriesSideBySide(arguments).run(folder.path());
        }
        System.exit(0); // threads of Ratis outlive its servers
    }

    private JsonObject document(int number) {
        return documents.document(number).root().with("city", new JsonString("city" + number % CITIES))
                .with("rating", JsonNumber.of(number * 7_919L % 100_003));
    }

    private void run(Path folder) throws IOException, InterruptedException {
        Postgres.Load[] theirs;
        try (Postgres server = new Postgres(postgres, Folder.in(folder).path())) {
            theirs = theirs(server);
        }
        try (LocalCluster cluster = new LocalCluster(folder, 1, List.of(REGION), NodeLimits.DEFAULTS);
                AvilaClient client = AvilaClient.connect("aviladb://" + cluster.endpoint(REGION))) {
            Collection players = client.databases().create("game").createCollection(CollectionSpec.single("players", "/id"));
            fill(players);
            compare(theirs, players, cluster);
        }
    }

    private Postgres.Load[] theirs(Postgres server) throws IOException, InterruptedException {
        StringBuilder all = new StringBuilder("CREATE TABLE players (id text PRIMARY KEY, doc jsonb NOT NULL);\nBEGIN;\n");
        for (int i = 0; i < count; i++) {
            all.append("INSERT INTO players VALUES ('").append(Documents.id(i)).append("', '")
                    .append(document(i).toJson().replace("'", "''")).append("');\n");
        }
        server.execute(
                all + "COMMIT;\nCREATE INDEX best ON players ((doc->>'city'), (((doc->>'rating')::numeric)) DESC);\nANALYZE players;\n");
        String one = "\\set n random(0, " + (count - 1) + ")\nSELECT doc FROM players WHERE id = 'd' || lpad(:n::text, 10, '0');\n";
        String best = "\\set n random(0, " + (CITIES - 1) + ")\nSELECT doc FROM players WHERE doc->>'city' = 'city' || :n "
                + "ORDER BY (doc->>'rating')::numeric DESC LIMIT 20;\n";
        String groups = "SELECT doc->>'city', count(*), avg((doc->>'rating')::numeric) FROM players GROUP BY 1;\n";
        Postgres.Load[] loads = {server.load(one, MANY, seconds), server.load(best, MANY, seconds), server.load(groups, 1, seconds)};
        String[] names = {"point query", "20 best of a city", "groups over all"};
        for (int i = 0; i < names.length; i++) {
            System.out.printf(Locale.ROOT, "PostgreSQL, %s: %.0f/s, %.2f ms on average%n", names[i], loads[i].rate(),
                    loads[i].averageMillis());
        }
        return loads;
    }

    private void fill(Collection players) {
        for (int i = 0; i < count; i += 100) {
            List<Document> batch = new ArrayList<>();
            for (int k = i; k < Math.min(count, i + 100); k++) {
                batch.add(Document.of(document(k)));
            }
            players.insertAll(batch);
        }
    }

    private static void index(LocalCluster cluster, Collection players) throws IOException, InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://" + cluster.endpoint(REGION) + "/v1/databases/game/collections/players/indexes"))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"best\",\"fields\":[\"/city\",\"-/rating\"]}")).build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 202) {
            throw new IOException(answer.body());
        }
        // A range uses it once it is whole there: then 20 documents are read for 20 rows.
        Waiting.until("the index", () -> players.query(BEST).param("city", "city1").analyze().tree().toJson()
                .contains("\"documentsRead\":20,"));
    }

    private Measurement line(String name, int inFlight, ClosedLoop.Operation operation) throws InterruptedException {
        ClosedLoop.measure("warm-up", inFlight, seconds, operation);
        return results.add(ClosedLoop.measure(name, inFlight, seconds, operation));
    }

    private void compare(Postgres.Load[] theirs, Collection players, LocalCluster cluster) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(5);
        ClosedLoop.Operation best = number -> players.query(BEST).param("city", "city" + random.nextInt(CITIES)).valuesAsync();
        Measurement scan = line("20 best of a city, scan", 1, best);
        index(cluster, players);
        Measurement one = line("point query", MANY,
                number -> players.query("SELECT * FROM players WHERE id = @id").param("id", Documents.id(random.nextInt(count)))
                        .valuesAsync());
        Measurement indexed = line("20 best of a city, index", 1, best);
        Measurement many = line("20 best of a city, index", MANY, best);
        Measurement groups = line("groups over all", 1, number -> players.query(GROUPS).pageSize(1_000).valuesAsync());
        results.atLeast("point query, 64 in flight: rate / PostgreSQL's", one.rate() / theirs[0].rate(), 1);
        results.atLeast("20 best by an index, 64 in flight: rate / PostgreSQL's", many.rate() / theirs[1].rate(), 1);
        results.atMost("groups over all: time / PostgreSQL's", theirs[2].rate() / groups.rate(), 1.5);
        results.atLeast("20 best of a city: index / scan", indexed.rate() / scan.rate(), 10);
        results.finish();
    }
}
