package io.aviladb.cli.config;

import io.aviladb.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Settings by dotted key, from a YAML file with the environment on top: {@code limits.min-free-bytes} is
 * {@code AVILADB_SERVER__LIMITS__MIN_FREE_BYTES}. Every mistake is a usage error that names the key.
 */
final class Settings {
    private static final String ENVIRONMENT_PREFIX = "AVILADB_SERVER__";

    private final String source;
    private final Map<String, List<String>> values;

    private Settings(String source, Map<String, List<String>> values) {
        this.source = source;
        this.values = values;
    }

    /** @param known the keys; one that ends in {@code .*} takes any name below it */
    static Settings read(Path file, Map<String, String> environment, List<String> known) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw CommandFailure.usage("there is no configuration file " + file, "docs/configuration.md has examples.");
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        try {
            JsonNode root = YAMLMapper.shared().readTree(Files.readAllBytes(file));
            if (!root.isObject() && !root.isMissingNode() && !root.isNull()) {
                throw CommandFailure.usage(file + " is not a list of keys with values", "docs/configuration.md has examples.");
            }
            flatten("", root, values);
        } catch (JacksonException e) {
            throw CommandFailure.usage(file + " is not YAML: " + e.getOriginalMessage(), "docs/configuration.md has examples.");
        }
        environment.forEach((name, value) -> {
            if (name.startsWith(ENVIRONMENT_PREFIX)) {
                String key = name.substring(ENVIRONMENT_PREFIX.length()).toLowerCase(Locale.ROOT).replace("__", ".").replace('_', '-');
                values.put(key, List.of(value.split(",", -1)));
            }
        });
        Settings settings = new Settings(file.toString(), values);
        values.keySet().forEach(key -> settings.check(key, known));
        return settings;
    }

    private static void flatten(String prefix, JsonNode node, Map<String, List<String>> values) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String key = prefix + member.getKey();
            JsonNode value = member.getValue();
            if (value.isObject()) {
                flatten(key + ".", value, values);
            } else if (value.isArray()) {
                List<String> list = new ArrayList<>();
                value.forEach(element -> list.add(element.asString()));
                values.put(key, list);
            } else if (!value.isNull()) {
                values.put(key, List.of(value.asString()));
            }
        }
    }

    private void check(String key, List<String> known) {
        for (String each : known) {
            if (each.equals(key) || each.endsWith(".*") && key.startsWith(each.substring(0, each.length() - 1))) {
                return;
            }
        }
        throw CommandFailure.usage(source + " has an unknown key '" + key + "'", NearestName.didYouMean(key, known));
    }

    Optional<String> text(String key) {
        List<String> list = values.getOrDefault(key, List.of());
        if (list.size() > 1) {
            throw wrong(key, "one value");
        }
        return list.stream().findFirst();
    }

    String required(String key) {
        return text(key).filter(value -> !value.isBlank())
                .orElseThrow(() -> CommandFailure.usage(source + " has no '" + key + "'", "docs/configuration.md describes it."));
    }

    List<String> list(String key) {
        return values.getOrDefault(key, List.of());
    }

    /** Names below the key, each with its value. */
    Map<String, String> below(String key) {
        Map<String, String> found = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(key + ".")) {
                found.put(name.substring(key.length() + 1), String.join(",", value));
            }
        });
        return found;
    }

    long number(String key, long otherwise, long least, long most) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text.get().replace("_", ""));
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw wrong(key, "a number of " + least + " to " + most);
        }
        throw wrong(key, "a number of " + least + " to " + most);
    }

    boolean flag(String key, boolean otherwise) {
        Optional<String> text = text(key);
        if (text.isPresent() && !text.get().equals("true") && !text.get().equals("false")) {
            throw wrong(key, "true or false");
        }
        return text.map("true"::equals).orElse(otherwise);
    }

    CommandFailure wrong(String key, String expected) {
        return CommandFailure.usage("'" + key + "' in " + source + " is '" + String.join(",", list(key)) + "'; it takes " + expected,
                "docs/configuration.md describes it.");
    }
}
