package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@code aviladb dev} as a user starts it, on ports of its own. Closing kills what still runs. */
final class DevProcess implements AutoCloseable {
    /** Nine nodes on two busy cores; an idle machine needs a tenth. */
    private static final Duration LONGEST_START = Duration.ofMinutes(6);

    private static final Duration LONGEST_FAULT = Duration.ofMinutes(5);

    /** A node as the ready file names it. */
    record Node(String id, String endpoint, long pid) {}

    /** A region as the ready file names it. */
    record Region(String name, Rest rest, List<Node> nodes) {}

    private final ChildProcess process;
    private final Map<String, Region> regions;

    private DevProcess(ChildProcess process, Map<String, Region> regions) {
        this.process = process;
        this.regions = regions;
    }

    /**
     * Starts a cluster and waits until every region serves.
     *
     * @param name of the run, for its files in the folder
     * @param options beyond port and ready file
     */
    static DevProcess start(String name, Path folder, String... options) {
        Path ready = folder.resolve(name + ".ready.json");
        List<String> arguments = new ArrayList<>(List.of("dev", "--port", "0", "--ready-file", ready.toString()));
        arguments.addAll(List.of(options));
        ChildProcess process = ChildProcess.start(name, Repository.command(arguments), folder, Map.of());
        try {
            await().atMost(LONGEST_START).until(() -> Files.exists(ready) || !process.isAlive());
            assertThat(ready).as("%s printed %s%s", name, process.output(), process.errors()).exists();
            JsonObject content = (JsonObject) JsonParser.parse(Files.readAllBytes(ready));
            assertThat(number(content, "pid")).as("pid in the ready file").isEqualTo(process.pid());
            return new DevProcess(process, regions((JsonObject) member(content, "regions")));
        } catch (IOException e) {
            process.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            process.close();
            throw e;
        }
    }

    private static Map<String, Region> regions(JsonObject content) {
        Map<String, Region> regions = new LinkedHashMap<>();
        content.members().forEach((name, value) -> {
            JsonObject region = (JsonObject) value;
            List<Node> nodes = ((JsonArray) member(region, "nodes")).elements().stream().map(JsonObject.class::cast)
                    .map(node -> new Node(string(node, "id"), string(node, "endpoint"), number(node, "pid"))).toList();
            regions.put(name, new Region(name, new Rest(string(region, "endpoint")), nodes));
        });
        return regions;
    }

    private static Object member(JsonObject object, String name) {
        return Objects.requireNonNull(object.getOrNull(name), () -> "no " + name + " in " + object);
    }

    private static String string(JsonObject object, String name) {
        return ((JsonString) member(object, name)).value();
    }

    private static long number(JsonObject object, String name) {
        return ((JsonNumber) member(object, name)).toLong().orElseThrow();
    }

    List<Region> regions() {
        return List.copyOf(regions.values());
    }

    Rest rest(String region) {
        return Objects.requireNonNull(regions.get(region), region).rest();
    }

    /** The collection through each region's router. */
    List<CollectionRest> everywhere(String database, String collection) {
        return regions().stream().map(region -> new CollectionRest(region.rest(), database, collection)).toList();
    }

    void fault(String body) {
        try { // a restart answers once the node has started again
            regions().get(0).rest()
                    .tryCall("POST", "/v1/faults", body.getBytes(StandardCharsets.UTF_8),
                            Map.of("x-aviladb-timeout", Long.toString(LONGEST_FAULT.toMillis())), LONGEST_FAULT)
                    .expect(200);
        } catch (IOException e) {
            throw new AssertionError("the fault " + body + " was not answered", e);
        }
    }

    String output() {
        return process.output();
    }

    String errors() {
        return process.errors();
    }

    /** SIGTERM, status 0, nothing on standard error. */
    void stopCleanly() {
        process.stopCleanly();
    }

    /** kill -9 of every process, the dev process first: nobody is left to say farewell. */
    void killAll() {
        process.kill();
        regions.values().forEach(region -> region.nodes().forEach(node -> ChildProcess.kill(node.pid())));
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            killAll();
        }
    }
}
