package io.aviladb.cli.sample;

import io.aviladb.cli.http.Json;
import io.aviladb.cli.load.RecordSource;
import io.aviladb.cli.load.SourceRecord;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Players of a game. The same seed gives the same documents, byte for byte, and a longer set begins like a shorter one. */
final class Players implements SampleData {
    private static final List<String> GIVEN = List.of("Ana", "Beatriz", "Caio", "Camila", "Davi", "Eduarda", "Felipe", "Gabriela", "Helena",
            "Igor", "Joao", "Julia", "Kaique", "Larissa", "Lucas", "Luana", "Mateus", "Mariana", "Nicolas", "Otavio", "Paula", "Rafael",
            "Sofia", "Thiago", "Valentina", "Vitor", "Yasmin", "Zeca");
    private static final List<String> FAMILY = List.of("Almeida", "Barbosa", "Cardoso", "Costa", "Dias", "Ferreira", "Gomes", "Lima",
            "Martins", "Melo", "Nunes", "Oliveira", "Pereira", "Ribeiro", "Rocha", "Santos", "Silva", "Souza", "Teixeira", "Vieira");
    private static final List<String> CITIES = List.of("São Paulo", "Rio de Janeiro", "Recife", "Salvador", "Fortaleza", "Curitiba",
            "Manaus", "Porto Alegre", "Buenos Aires", "Bogotá", "Lima", "Santiago", "Montevideo", "Ciudad de México");
    private static final List<String> ITEMS = List.of("bow-of-yew", "copper-shield", "dragon-scale", "elixir", "fire-rune", "glass-orb",
            "healing-herb", "iron-sword", "jade-ring", "lantern", "map-fragment", "silver-key", "storm-cloak", "wolf-fang");
    private static final List<String> TITLES = List.of("Novice", "Scout", "Warden", "Champion", "Legend");
    private static final long EPOCH_SECONDS = Instant.parse("2025-01-01T00:00:00Z").getEpochSecond();
    private static final int YEAR_SECONDS = 365 * 24 * 3600;

    @Override
    public String name() {
        return "players";
    }

    @Override
    public String description() {
        return "players of a game, generated from a seed";
    }

    @Override
    public String attribution() {
        return "";
    }

    @Override
    public String database() {
        return "game";
    }

    @Override
    public String collection() {
        return "players";
    }

    @Override
    public String partitionKey() {
        return "/userId";
    }

    @Override
    public long defaultCount() {
        return 20_000;
    }

    @Override
    public RecordSource open(long count, long seed, Path cache) {
        return new RecordSource() {
            private final SplittableRandom random = new SplittableRandom(seed);
            private long given;
            private long bytes;

            @Override
            public @Nullable SourceRecord next() {
                if (given == count) {
                    return null;
                }
                Document document = Document.of(player(++given, random.split()));
                bytes += document.sizeBytes() + 1;
                return new SourceRecord.Parsed(given, bytes, document.root(), document.sizeBytes());
            }
        };
    }

    private static JsonObject player(long number, SplittableRandom random) {
        String user = "player" + number;
        int level = 1 + (int) Math.min(99, -Math.log(1 - random.nextDouble()) * 18);
        long games = level * (5L + random.nextInt(20));
        long wins = Math.round(games * (0.3 + 0.4 * random.nextDouble()));
        return Json.object("id", user, "userId", user, "name", pick(GIVEN, random) + " " + pick(FAMILY, random), "city",
                pick(CITIES, random), "title", TITLES.get(Math.min(TITLES.size() - 1, level / 15)), "level", level, "experience",
                level * 1_000L + random.nextInt(1_000), "games", games, "wins", wins, "rating",
                Math.round((800 + wins * 900.0 / games + random.nextInt(300)) * 10) / 10.0, "coins", random.nextLong(50_000), "premium",
                random.nextInt(8) == 0, "inventory", inventory(random), "settings", Json.object("language",
                        random.nextInt(4) == 0 ? "es" : "pt-BR", "sound", random.nextInt(3) != 0, "sensitivity", random.nextInt(1, 100)
                                / 100.0),
                "joined", Instant.ofEpochSecond(EPOCH_SECONDS + random.nextInt(YEAR_SECONDS)).toString(), "lastSeen",
                Instant.ofEpochSecond(EPOCH_SECONDS + YEAR_SECONDS + random.nextInt(YEAR_SECONDS / 2)).toString());
    }

    private static JsonArray inventory(SplittableRandom random) {
        List<JsonValue> items = new ArrayList<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            items.add(Json.object("item", pick(ITEMS, random), "count", random.nextInt(1, 40)));
        }
        return new JsonArray(items);
    }

    private static String pick(List<String> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }
}
