package io.aviladb.cli.dev;

import io.aviladb.cli.http.Json;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** What scripts wait for: it appears at once and as a whole, when every region serves. */
final class ReadyFile {
    private ReadyFile() {
    }

    /** An old one must not be mistaken for this start's. */
    static void forget(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    static void write(Path file, JsonObject content) throws IOException {
        Path target = file.toAbsolutePath();
        Path beside = target.resolveSibling(target.getFileName() + ".new");
        Files.write(beside, content.toJsonBytes());
        Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static JsonObject content(long pid, Map<RegionId, String> endpoints, Map<NodeId, String> nodes, ToLongFunction<NodeId> pids) {
        Map<String, JsonValue> regions = new LinkedHashMap<>();
        endpoints.forEach((region, endpoint) -> {
            Function<Map.Entry<NodeId, String>, JsonValue> row = node -> Json.object("id", node.getKey().toString(), "endpoint",
                    node.getValue(), "pid", pids.applyAsLong(node.getKey()));
            regions.put(region.name(), Json.object("endpoint", endpoint, "nodes", new JsonArray(
                    nodes.entrySet().stream().filter(node -> node.getKey().region().equals(region)).map(row).toList())));
        });
        return Json.object("pid", pid, "regions", new JsonObject(regions));
    }
}
