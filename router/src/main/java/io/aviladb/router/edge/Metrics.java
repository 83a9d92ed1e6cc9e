package io.aviladb.router.edge;

import io.aviladb.core.region.RegionId;
import io.aviladb.router.verify.OrderWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/** Every metric of a router, by name. */
public final class Metrics {
    /** Requests, by api, operation and the answer's code ({@code OK} or an error's name). */
    public static final String REQUESTS = "aviladb.requests";
    /** How long requests took in the server. */
    public static final String DURATION = "aviladb.request.duration";
    /** How far a region is behind another, in seconds; -1 where nothing is known. */
    public static final String LAG = "aviladb.replication.lag.seconds";
    /** The age of the oldest write of a region that another isn't known to have, in seconds; 0 where there is none, -1 where nothing is known. */
    public static final String RPO = "aviladb.replication.rpo.seconds";
    /** Writes of a region that another isn't known to have; -1 where nothing is known. */
    public static final String UNCONFIRMED = "aviladb.replication.unconfirmed.writes";
    /** Documents that self-checks have compared between replicas and regions. */
    public static final String COMPARED = "aviladb.verify.documents.compared";
    /** Documents that differed there. */
    public static final String DIFFERING = "aviladb.verify.documents.differing";
    /** Reads that were compared with what the document had shown before. */
    public static final String CHECKED_READS = "aviladb.verify.reads.checked";
    /** Those of them that went back behind it. */
    public static final String BROKEN_READS = "aviladb.verify.reads.violated";
    /** Requests under way. */
    public static final String IN_FLIGHT = "aviladb.requests.in.flight";
    /** Always 1; the labels say what runs. */
    public static final String BUILD = "aviladb.build.info";

    private record Key(String api, String operation, String code) {}

    private record Meters(Counter count, Timer time) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConcurrentHashMap<Key, Meters> meters = new ConcurrentHashMap<>();
    private final MultiGauge lag;
    private final MultiGauge rpo;
    private final MultiGauge unconfirmed;

    public Metrics(RegionId region, String version, IntSupplier inFlight) {
        lag = MultiGauge.builder(LAG).register(registry);
        rpo = MultiGauge.builder(RPO).register(registry);
        unconfirmed = MultiGauge.builder(UNCONFIRMED).register(registry);
        Gauge.builder(BUILD, () -> 1).tags("version", version, "region", region.name()).register(registry);
        Gauge.builder(IN_FLIGHT, inFlight::getAsInt).register(registry);
    }

    /** With what self-checks find. */
    public Metrics watching(Verification verification) {
        FunctionCounter.builder(COMPARED, verification, Verification::compared).register(registry);
        FunctionCounter.builder(DIFFERING, verification, Verification::differing).register(registry);
        FunctionCounter.builder(CHECKED_READS, verification.order(), OrderWatch::checked).register(registry);
        FunctionCounter.builder(BROKEN_READS, verification.order(), OrderWatch::broken).register(registry);
        return this;
    }

    /** @param code {@code OK} or an error's name */
    public void request(String api, String operation, String code, long nanos) {
        Meters of = meters.computeIfAbsent(new Key(api, operation, code), this::meters);
        of.count.increment();
        of.time.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Meters meters(Key key) {
        return new Meters(registry.counter(REQUESTS, "api", key.api, "op", key.operation, "code", key.code),
                Timer.builder(DURATION).tags("api", key.api, "op", key.operation)
                        .serviceLevelObjectives(Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(25), Duration.ofMillis(100),
                                Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(10))
                        .register(registry));
    }

    /** The text of {@code /metrics}, with what was measured for it: each value by the link's ends. */
    public String scrape(Map<ClusterStatus.Way, Double> lagSeconds, Map<ClusterStatus.Way, Double> rpoSeconds,
            Map<ClusterStatus.Way, Double> unconfirmedWrites) {
        lag.register(rows(lagSeconds), true);
        rpo.register(rows(rpoSeconds), true);
        unconfirmed.register(rows(unconfirmedWrites), true);
        return registry.scrape();
    }

    private static List<MultiGauge.Row<?>> rows(Map<ClusterStatus.Way, Double> values) {
        return values.entrySet().stream().map(entry -> MultiGauge.Row
                .of(Tags.of("from", entry.getKey().from().name(), "to", entry.getKey().to().name()), entry.getValue()))
                .collect(Collectors.toList());
    }

    public void close() {
        registry.close();
    }
}
