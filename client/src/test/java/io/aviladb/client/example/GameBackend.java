package io.aviladb.client.example;

import io.aviladb.client.AvilaClient;
import io.aviladb.client.Collection;
import io.aviladb.client.CollectionSpec;
import io.aviladb.client.Database;
import io.aviladb.client.Filter;
import io.aviladb.client.InsertResult;
import io.aviladb.client.Page;
import io.aviladb.client.StoredDocument;
import io.aviladb.client.error.ConflictException;
import io.aviladb.client.error.PreconditionFailedException;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import java.io.PrintStream;
import java.util.List;

/** The backend of a small game: what docs/client.md shows. Run it against a cluster: {@code GameBackend aviladb://localhost:8000}. */
public final class GameBackend {
    private GameBackend() {
    }

    public static void main(String[] arguments) {
        run(arguments.length == 0 ? "aviladb://localhost:8000" : arguments[0], System.out);
    }

    /** All of it, printing what happens. */
    public static void run(String url, PrintStream out) {
        try (AvilaClient client = AvilaClient.connect(url)) {
            Collection players = players(client);

            InsertResult inserted = players.insert(Document.of("id", "player123", "userId", "player123", "level", 42, "wins", 0));
            out.println("inserted " + inserted.id() + " in " + inserted.receipt().region());
            players.insertAll(List.of(Document.of("id", "player124", "userId", "player124", "level", 7),
                    Document.of("id", "player125", "userId", "player125", "level", 9)));

            // Increments of all regions add up: the field is a counter.
            players.patch("player123", "player123").inc("/wins", 1).addToSet("/badges", "first-win").execute();

            // The client carries its session: this read sees the writes above, whichever host answers.
            StoredDocument player = players.get("player123", "player123");
            out.println("read " + player.document());

            Document promoted = Document.of(player.document().root().with("level", JsonNumber.of(43)));
            players.replace(player, promoted);
            try {
                players.replace(player, promoted); // what was read is no longer what is there
            } catch (PreconditionFailedException changed) {
                out.println("refused " + changed.code());
            }

            Page page = players.query("SELECT * FROM players WHERE level > @min").param("min", 10).execute();
            out.println("found " + page.documents().size() + ", complete " + page.coverage().complete());
            players.select("id").where(Filter.atLeast("level", 9)).orderByDescending("level").limit(2).stream()
                    .forEach(row -> out.println("best " + row));
            out.println("updated " + players.update().increment("wins", 1).where("userId", "player123").execute().count());

            players.list().pageSize(2).forEach(document -> out.println("listed " + document.at(
                    FieldPath.of("id")).orElseThrow()));
            players.list().pageSize(2).stream().toList().forEach(document -> players.delete(id(document), id(document)));
            out.println("left " + players.list().stream().count());
            client.database("game").dropCollection("players");
            client.databases().drop("game");
        }
    }

    private static String id(Document document) {
        return document.at(FieldPath.of("id")).map(id -> ((JsonString) id).value())
                .orElseThrow();
    }

    private static Collection players(AvilaClient client) {
        Database game;
        try {
            game = client.databases().create("game");
        } catch (ConflictException exists) {
            game = client.database("game");
        }
        return game.createCollection(CollectionSpec.single("players", "/userId").counter("/wins"));
    }
}
