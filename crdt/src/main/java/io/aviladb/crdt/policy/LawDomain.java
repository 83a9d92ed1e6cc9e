package io.aviladb.crdt.policy;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Documents to try a merge on: each of its fields missing or one of a few values, the simplest first. Arrays are sorted and without duplicates:
 * a union may put others in order without breaking a law.
 */
final class LawDomain {
    /** Numbers first: a merge of numbers should be judged as one. */
    private static final List<JsonValue> VALUES = List.of(JsonNumber.of(0), JsonNumber.of(1), JsonNumber.of(2), JsonArray.EMPTY,
            JsonArray.of(JsonNumber.of(1)), JsonArray.of(JsonNumber.of(2)), new JsonString("a"), new JsonString("b"), JsonNull.NULL,
            JsonBoolean.TRUE, JsonObject.of("a", JsonNumber.of(1)));
    private static final int NUMBERS = 3;
    private static final int MAX_DOCUMENTS = 24;

    private final List<String> fields;

    LawDomain(List<String> fields) {
        this.fields = fields;
    }

    /** All documents whose fields are among the numbers or missing. */
    List<JsonObject> numbers() {
        return documents(NUMBERS);
    }

    /** All documents of as many values as leave no more documents than can be tried in threes. */
    List<JsonObject> mixed() {
        int values = VALUES.size();
        while (values > 1 && Math.pow(values + 1, fields.size()) > MAX_DOCUMENTS) {
            values--;
        }
        return documents(values);
    }

    private List<JsonObject> documents(int values) {
        List<JsonObject> documents = new ArrayList<>(List.of(JsonObject.EMPTY));
        for (String field : fields) {
            List<JsonObject> longer = new ArrayList<>();
            for (JsonObject document : documents) {
                VALUES.subList(0, values).forEach(value -> longer.add(document.with(field, value)));
                longer.add(document);
                if (longer.size() > MAX_DOCUMENTS) {
                    return longer;
                }
            }
            documents = longer;
        }
        return documents;
    }

    JsonObject random(Random random) {
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        for (String field : fields) {
            JsonValue value = random.nextInt(6) == 0 ? null : value(random);
            if (value != null) {
                members.put(field, value);
            }
        }
        return new JsonObject(members);
    }

    private static @Nullable JsonValue value(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> JsonNumber.of(random.nextInt(7) - 3);
            case 1 -> JsonNumber.of(random.nextInt(100) / 4.0 - 12);
            case 2 -> {
                List<JsonValue> elements = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    if (random.nextBoolean()) {
                        elements.add(JsonNumber.of(i));
                    }
                }
                yield new JsonArray(elements);
            }
            default -> VALUES.get(random.nextInt(VALUES.size()));
        };
    }

    /** Simpler documents than this one, each by one step. */
    static List<JsonObject> simpler(JsonObject document) {
        List<JsonObject> simpler = new ArrayList<>();
        document.members().forEach((name, value) -> {
            simpler.add(document.without(name));
            for (JsonValue candidate : VALUES) {
                if (candidate.equals(value)) {
                    break;
                }
                simpler.add(document.with(name, candidate));
            }
        });
        return simpler;
    }
}
