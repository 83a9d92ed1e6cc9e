package io.aviladb.crdt.schema;

import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.error.AvilaError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing that is wrong with a document.
 *
 * @param pointer the JSON Pointer of the value; empty for the document
 * @param keyword of the schema
 * @param message what is wrong, without the place
 */
public record SchemaViolation(String pointer, String keyword, String message) {
    private static final String SEPARATOR = "; ";

    /** {@code "/age" (minimum): is -1, must be at least 0}. */
    @Override
    public String toString() {
        return new JsonString(pointer).toJson() + " (" + keyword + "): " + message;
    }

    /** All of them as an error's detail. */
    public static String detail(List<SchemaViolation> violations) {
        return String.join(SEPARATOR, violations.stream().map(SchemaViolation::toString).toList());
    }

    /** What {@link #detail} was made of; empty where the text isn't one. An answer that is kept for a retry holds the text alone. */
    public static List<SchemaViolation> ofDetail(String detail) {
        List<SchemaViolation> violations = new ArrayList<>();
        for (String part : detail.split(SEPARATOR + "(?=\")", -1)) {
            int name = closingQuote(part);
            int message = part.indexOf("): ", Math.max(name, 0));
            if (name < 0 || message < 0 || !part.startsWith(" (", name + 1)) {
                return List.of();
            }
            try {
                JsonString pointer = (JsonString) JsonParser.parse(part.substring(0, name + 1).getBytes(StandardCharsets.UTF_8));
                violations.add(new SchemaViolation(pointer.value(), part.substring(name + 3, message), part.substring(message + 3)));
            } catch (AvilaError | ClassCastException noDetail) {
                return List.of();
            }
        }
        return violations;
    }

    /** Where the JSON string ends that the text begins with; -1 where it begins with none. */
    private static int closingQuote(String text) {
        for (int i = 1; text.startsWith("\"") && i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '"') {
                return i;
            }
        }
        return -1;
    }
}
