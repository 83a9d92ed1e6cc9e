package io.aviladb.cli.dev;

import io.aviladb.cli.Build;
import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.ClusterUrl;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.sample.SampleData;
import io.aviladb.cli.sample.Samples;
import io.aviladb.cli.server.DataFolder;
import io.aviladb.cli.server.ServerLog;
import io.aviladb.cli.server.StopSignal;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@code aviladb dev} from its beginning to its end: data folder, nodes, routers, sample data, card, ready file, stop. */
public final class DevRun {
    private static final Duration LONGEST_START = Duration.ofMinutes(3);

    private final DevOptions options;
    private final PrintWriter out;
    private final AtomicReference<@Nullable DevCluster> cluster = new AtomicReference<>();
    private int step;

    private DevRun(DevOptions options, PrintWriter out) {
        this.options = options;
        this.out = out;
    }

    /** Runs until a signal ends the process, which never returns; returns only by an exception. */
    public static void run(DevOptions options, PrintWriter out) throws IOException, InterruptedException {
        new DevRun(options, out).run();
    }

    private void run() throws IOException, InterruptedException {
        if (options.readyFile().isPresent()) {
            ReadyFile.forget(options.readyFile().get());
        }
        SampleData sample = options.load().map(Samples::named).orElse(null);
        try (DataFolder folder = DataFolder.open(options.data())) {
            StopSignal signal = StopSignal.onStop(this::stop);
            try {
                ServerLog.install(options.data());
                start(sample);
                signal.await();
            } catch (Throwable failed) {
                signal.cancel();
                stop();
                throw failed;
            }
        }
    }

    private void start(@Nullable SampleData sample) throws IOException, InterruptedException {
        Path data = options.data();
        DevPlan plan = DevPlan.of(data, options.regions(), options.nodesPerRegion(), options.port());
        RoundTrips roundTrips = RoundTrips.parse(options.roundTrips(), plan.regions());
        int steps = sample == null ? 2 : 3;
        say(" AvilaDB " + Build.version() + ": " + plan.regions().size() + (plan.regions().size() == 1 ? " region" : " regions") + " x "
                + plan.nodesOf(plan.regions().get(0)).size() + " nodes in " + (options.processes() ? "a process each" : "one process")
                + ", nothing leaves this machine");
        long began = System.nanoTime();
        DevCluster started = new DevCluster(plan, data, roundTrips, options.processes());
        cluster.set(started);
        started.startNodes();
        done(steps, "started " + plan.nodes().size() + " nodes", began);
        began = System.nanoTime();
        started.awaitServing(LONGEST_START);
        done(steps, "every region serves reads and writes", began);
        if (sample != null) {
            began = System.nanoTime();
            String loaded = SampleLoad.load(sample, plan.endpointOf(plan.regions().get(0)), data.resolve("samples"));
            done(steps, loaded, began);
            if (!sample.attribution().isEmpty()) {
                say("        " + sample.attribution());
            }
        }
        Card.lines(regionLines(plan), roundTrips, options.command()).forEach(this::say);
        if (options.readyFile().isPresent()) {
            Map<RegionId, String> endpoints = new LinkedHashMap<>();
            plan.regions().forEach(region -> endpoints.put(region, plan.endpointOf(region)));
            Map<NodeId, String> nodes = new LinkedHashMap<>();
            plan.nodes().forEach(node -> nodes.put(node, plan.node(node).endpoint()));
            ReadyFile.write(options.readyFile().get(),
                    ReadyFile.content(ProcessHandle.current().pid(), endpoints, nodes, started.nodes()::pid));
        }
    }

    private static List<Card.RegionLine> regionLines(DevPlan plan) {
        List<Card.RegionLine> lines = new ArrayList<>();
        for (RegionId region : plan.regions()) {
            String endpoint = plan.endpointOf(region);
            int leaders = 0;
            long lag = -1;
            try (ApiClient api = new ApiClient(ClusterUrl.parse(endpoint + "?timeout=5s"))) {
                JsonObject status = api.get("/v1/status").orThrow().object();
                for (JsonObject group : Json.objects(status, "groups")) {
                    boolean data = Json.string(group, "kind", "").equals("data");
                    leaders += data && !Json.string(group, "leader", "").isEmpty() ? 1 : 0;
                }
                for (JsonObject link : Json.objects(status, "links")) {
                    lag = Json.string(link, "to", "").equals(region.name()) ? Math.max(lag, Json.number(link, "lagMs", -1)) : lag;
                }
            } catch (CommandFailure notNow) {
                lag = -1; // the card says what is known; the region has served, or nobody would be here
            }
            lines.add(new Card.RegionLine(region.name(), endpoint, leaders, lag));
        }
        return lines;
    }

    private void done(int steps, String what, long beganNanos) {
        step++;
        say(String.format(Locale.ROOT, "  [%d/%d] %-44s %6.1f s", step, steps, what, (System.nanoTime() - beganNanos) / 1e9));
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    private void stop() {
        DevCluster started = cluster.getAndSet(null);
        if (started != null) {
            started.close();
        }
        if (options.temporary()) {
            Folders.remove(options.data());
        }
    }
}
