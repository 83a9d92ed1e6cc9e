package io.aviladb.router.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The OpenAPI file and the routes say the same. */
class OpenApiTest {
    private static JsonObject file() throws IOException {
        try (InputStream in = Objects.requireNonNull(OpenApiTest.class.getResourceAsStream("/openapi.json"))) {
            return (JsonObject) JsonParser.parse(in.readAllBytes());
        }
    }

    private static String line(String method, String path, String operation, List<String> parameters) {
        return method.toUpperCase(Locale.ROOT) + " " + path + " " + operation + " " + parameters.stream().sorted().toList();
    }

    private static List<String> described() throws IOException {
        List<String> lines = new ArrayList<>();
        ((JsonObject) file().get("paths").orElseThrow()).members().forEach((path, methods) -> ((JsonObject) methods).members()
                .forEach((method, operation) -> lines.add(line(method, path, text((JsonObject) operation, "operationId"),
                        parameters((JsonObject) operation)))));
        return lines;
    }

    private static String text(JsonObject object, String member) {
        return ((JsonString) object.get(member).orElseThrow()).value();
    }

    private static List<String> parameters(JsonObject operation) {
        List<String> names = new ArrayList<>();
        for (JsonValue parameter : ((JsonArray) operation.get("parameters").orElseThrow()).elements()) {
            if (!text((JsonObject) parameter, "in").equals("header")) {
                names.add(text((JsonObject) parameter, "name"));
            }
        }
        return names;
    }

    @Test
    void everyRouteIsDescribedAndEveryDescriptionIsServed() throws IOException {
        List<String> served = new ArrayList<>();
        for (Route route : new Routes(TestEdge.unconnected()).all()) {
            List<String> parameters = new ArrayList<>(route.parameters());
            Matcher variables = Pattern.compile("\\{(\\w+)}").matcher(route.path());
            while (variables.find()) {
                parameters.add(variables.group(1));
            }
            served.add(line(route.method().name(), route.path(), route.operation(), parameters));
        }
        assertThat(described()).containsExactlyInAnyOrderElementsOf(served);
    }

    @Test
    void everyReferenceHasItsSchema() throws IOException {
        JsonObject schemas = (JsonObject) ((JsonObject) file().get("components").orElseThrow()).get("schemas").orElseThrow();
        Matcher references = Pattern.compile("#/components/schemas/(\\w+)").matcher(file().toJson());
        int count = 0;
        while (references.find()) {
            assertThat(schemas.members()).containsKey(references.group(1));
            count++;
        }
        assertThat(count).isPositive();
    }
}
