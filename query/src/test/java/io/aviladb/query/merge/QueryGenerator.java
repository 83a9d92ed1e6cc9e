package io.aviladb.query.merge;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.PartitionStrategy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Queries as text, and documents that they are likely to tell apart. */
final class QueryGenerator {
    private final Random random;
    private Map<String, JsonValue> parameters = new LinkedHashMap<>();

    QueryGenerator(Random random) {
        this.random = random;
    }

    private String pick(String... all) {
        return all[random.nextInt(all.length)];
    }

    PartitionStrategy strategy() {
        return switch (random.nextInt(4)) {
            case 0 -> PartitionStrategy.single(FieldPath.of("t"));
            case 1 -> new PartitionStrategy.Synthetic(7);
            case 2 -> new PartitionStrategy.Fields(List.of(new PartitionStrategy.Level(FieldPath.of("t"), random.nextBoolean()),
                    new PartitionStrategy.Level(FieldPath.of("k", "u"), false)));
            default -> PartitionStrategy.single(FieldPath.of("id"));
        };
    }

    List<JsonObject> documents() {
        List<JsonObject> documents = new ArrayList<>();
        for (int i = random.nextInt(14); i > 0; i--) {
            LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
            members.put("id", new JsonString("d" + i));
            members.put("t", random.nextInt(6) == 0 ? JsonBoolean.TRUE : scalarKey());
            members.put("k", JsonObject.of("u", scalarKey()));
            for (String name : List.of("a", "b", "c")) {
                if (random.nextInt(5) > 0) {
                    members.put(name, value(1));
                }
            }
            if (random.nextInt(4) > 0) {
                List<JsonValue> elements = new ArrayList<>();
                for (int n = random.nextInt(4); n > 0; n--) {
                    elements.add(random.nextInt(4) == 0 ? value(1) : JsonObject.of("q", value(0)));
                }
                members.put("list", new JsonArray(elements));
            }
            documents.add(new JsonObject(members));
        }
        return documents;
    }

    private JsonValue scalarKey() {
        return random.nextBoolean() ? JsonNumber.of(random.nextInt(3)) : new JsonString(pick("x", "y"));
    }

    private JsonValue value(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0 -> JsonNull.NULL;
            case 1 -> JsonBoolean.of(random.nextBoolean());
            case 2, 3 -> JsonNumber.of(random.nextInt(4) - 1);
            case 4 -> new JsonNumber(pick("0.5", "1.5", "-2.5"));
            case 5, 6 -> new JsonString(pick("", "x", "y", "é", "\uFFFD", "🎮"));
            case 7 -> JsonArray.of(value(0));
            default -> JsonObject.of(pick("q", "r"), value(0));
        };
    }

    /** The values of the last query's parameters. */
    Map<String, JsonValue> parameters() {
        return parameters;
    }

    String query() {
        parameters = new LinkedHashMap<>();
        boolean alias = random.nextBoolean();
        boolean unnest = random.nextInt(3) == 0;
        String from = " FROM docs" + (alias ? " d" : "")
                + (unnest ? pick(", UNNEST(list) AS i", " JOIN i IN list", alias ? ", d.list i" : ", list i") : "");
        boolean grouped = random.nextInt(3) == 0;
        List<String> groups = new ArrayList<>();
        if (grouped) {
            for (int n = random.nextInt(3); n > 0; n--) {
                groups.add(path(unnest, alias));
            }
        }
        StringBuilder text = new StringBuilder("SELECT ").append(random.nextInt(5) == 0 && !grouped ? "DISTINCT " : "");
        text.append(grouped ? aggregates(groups, unnest, alias) : projection(unnest, alias)).append(from);
        if (random.nextInt(4) > 0) {
            text.append(" WHERE ").append(keyed(condition(2, unnest, alias)));
        }
        if (!groups.isEmpty()) {
            text.append(" GROUP BY ").append(String.join(", ", groups));
        }
        if (grouped && random.nextInt(4) == 0) {
            text.append(" HAVING COUNT(*) > ").append(random.nextInt(3));
        }
        String query = text.append(order(grouped, groups, unnest, alias)).append(limits()).append(' ').toString();
        parameters.keySet().removeIf(name -> !query.matches(".*@" + name + "[^0-9].*")); // of a condition that wasn't taken
        return query;
    }

    /** Often with a condition that names keys. */
    private String keyed(String condition) {
        return switch (random.nextInt(6)) {
            case 0 -> "t = " + constant() + " AND " + condition;
            case 1 -> "t = " + constant() + " AND " + constant() + " = k.u";
            case 2 -> "id = 'd" + random.nextInt(14) + "' AND t = " + constant() + " AND k.u = " + constant();
            case 3 -> "id = 'd" + random.nextInt(14) + "'";
            default -> condition;
        };
    }

    private String limits() {
        String limit = random.nextInt(3) == 0 ? " LIMIT " + constantCount() : "";
        return limit + (random.nextInt(4) == 0 ? " OFFSET " + constantCount() : "");
    }

    private String constantCount() {
        int count = random.nextInt(6);
        return random.nextBoolean() ? "" + count : parameter(JsonNumber.of(count));
    }

    private String parameter(JsonValue value) {
        String name = "p" + parameters.size();
        parameters.put(name, value);
        return "@" + name;
    }

    private String order(boolean grouped, List<String> groups, boolean unnest, boolean alias) {
        if (random.nextBoolean() || grouped && groups.isEmpty()) {
            return "";
        }
        List<String> keys = new ArrayList<>();
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            String key = !grouped ? path(unnest, alias) : random.nextBoolean() ? "n" : groups.get(random.nextInt(groups.size()));
            keys.add(key + pick("", " DESC", " ASC"));
        }
        return " ORDER BY " + String.join(", ", keys);
    }

    private String aggregates(List<String> groups, boolean unnest, boolean alias) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            items.add(groups.get(i) + " AS g" + i);
        }
        items.add("COUNT(*) AS n");
        for (int i = random.nextInt(3); i > 0; i--) {
            items.add(pick("COUNT", "SUM", "AVG", "MIN", "MAX") + "(" + pick("", "DISTINCT ") + path(unnest, alias) + ") AS m" + i);
        }
        return String.join(", ", items);
    }

    private String projection(boolean unnest, boolean alias) {
        return switch (random.nextInt(4)) {
            case 0 -> unnest ? "VALUE i" : "*";
            case 1 -> "VALUE " + path(unnest, alias);
            default -> "id, " + path(unnest, alias) + " AS p, " + pick("a + b", "a * 2 - c", "-b", "a = b")
                    + (random.nextBoolean() ? " AS e" : "");
        };
    }

    private String path(boolean unnest, boolean alias) {
        String path = pick("a", "b", "c", "t", "k.u", "a.q", "nothing");
        return unnest && random.nextInt(3) == 0 ? pick("i", "i.q") : alias && random.nextBoolean() ? "d." + path : path;
    }

    private String constant() {
        JsonValue value = value(0);
        boolean literal = random.nextBoolean() && !(value instanceof JsonString string && string.value().contains("'"));
        return literal ? value instanceof JsonString string ? "'" + string.value() + "'" : value.toJson() : parameter(value);
    }

    private String condition(int depth, boolean unnest, boolean alias) {
        String path = path(unnest, alias);
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0, 1 -> path + " " + pick("=", "!=", "<", "<=", ">", ">=", "<>") + " " + constant();
            case 2 -> path + " " + pick("=", "<", ">=") + " " + path(unnest, alias);
            case 3 -> path + pick(" IS NULL", " IS NOT NULL", " IS MISSING", " IS NOT MISSING", " IS DEFINED");
            case 4 -> path + pick("", " NOT") + " IN (" + constant() + ", " + constant() + ")";
            case 5 -> path + pick("", " NOT") + " BETWEEN " + constant() + " AND " + constant();
            case 6 -> "NOT (" + condition(depth - 1, unnest, alias) + ")";
            case 7 -> "(" + condition(depth - 1, unnest, alias) + " OR " + condition(depth - 1, unnest, alias) + ")";
            default -> condition(depth - 1, unnest, alias) + " AND " + condition(depth - 1, unnest, alias);
        };
    }
}
