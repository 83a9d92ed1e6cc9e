package io.aviladb.chaos.cluster.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** As much of a compose file as ours uses, so that what is tested is what is published. */
final class ComposeFile {
    /**
     * A container.
     *
     * @param entrypoint empty: the image's own
     * @param files what stands in which file of the container
     * @param folder the path in the container that outlives its process
     * @param port the container's port that is published, 0 for none
     */
    record Service(String name, String hostname, String image, List<String> entrypoint, List<String> command,
            Map<String, String> environment,
            Map<String, String> files, String folder, int port) {}

    private final Map<?, ?> root;

    private ComposeFile(Map<?, ?> root) {
        this.root = root;
    }

    static List<Service> services(Path file) throws IOException {
        Object loaded = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        ComposeFile compose = new ComposeFile((Map<?, ?>) loaded);
        List<Service> services = new ArrayList<>();
        map(compose.root, "services").forEach((name, service) -> services.add(compose.service((String) name, merged((Map<?, ?>) service))));
        return services;
    }

    private Service service(String name, Map<String, Object> service) {
        Map<String, String> environment = new LinkedHashMap<>();
        map(service, "environment").forEach((key, value) -> environment.put((String) key, String.valueOf(value)));
        Map<String, String> files = new LinkedHashMap<>();
        for (Object config : list(service.get("configs"))) {
            Map<?, ?> content = map(map(root, "configs"), text(map(config), "source"));
            files.put(text(map(config), "target"), text(content, "content"));
        }
        List<?> ports = list(service.get("ports"));
        String published = ports.isEmpty() ? ":0" : (String) ports.get(0);
        String volume = (String) list(service.get("volumes")).get(0);
        return new Service(name, text(service, "hostname"), text(service, "image"), strings(service.get("entrypoint")),
                strings(service.get("command")), environment, files, volume.substring(volume.indexOf(':') + 1),
                Integer.parseInt(published.substring(published.lastIndexOf(':') + 1)));
    }

    /** {@code <<} brings the members of another map, which the map's own outdo. */
    private static Map<String, Object> merged(Map<?, ?> map) {
        Map<String, Object> all = new LinkedHashMap<>();
        if (map.get("<<") instanceof Map<?, ?> base) {
            all.putAll(merged(base));
        }
        map.forEach((key, value) -> {
            if (!key.equals("<<")) {
                all.put((String) key, value);
            }
        });
        return all;
    }

    private static Map<?, ?> map(Object value) {
        return (Map<?, ?>) value;
    }

    private static Map<?, ?> map(Map<?, ?> parent, String name) {
        return map(Objects.requireNonNull(parent.get(name), name));
    }

    private static String text(Map<?, ?> parent, String name) {
        return (String) Objects.requireNonNull(parent.get(name), name);
    }

    private static List<?> list(@Nullable Object value) {
        return value == null ? List.of() : (List<?>) value;
    }

    /** Compose turns {@code $$} into {@code $}; ours has neither. */
    private static List<String> strings(@Nullable Object value) {
        return list(value).stream().map(String.class::cast).toList();
    }
}
