package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aviladb.chaos.history.Edn;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Plays faults between two regions and inside the first, one after the other. A fault counts only with proof that it took effect, and that what it
 * breaks had worked before; both stand in the histories.
 */
final class Nemesis {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final long ROUND_TRIP_MILLIS = 1_500;

    /** What it can do. */
    enum Fault {
        KILL_LEADER, CUT_REGIONS, ISOLATE, DELAY
    }

    private final List<String> names;
    private final List<CollectionRest> probes;
    private final CollectionRest watched;
    private final List<Workload> workloads;
    private final Duration dwell;
    private int probe;

    /**
     * @param names of the two regions
     * @param probes a collection that only this uses, through each region's router
     * @param watched whose leader in the first region is killed
     * @param dwell how long a fault is in force
     */
    Nemesis(List<String> names, List<CollectionRest> probes, CollectionRest watched, List<Workload> workloads, Duration dwell) {
        this.names = List.copyOf(names);
        this.probes = List.copyOf(probes);
        this.watched = watched;
        this.workloads = List.copyOf(workloads);
        this.dwell = dwell;
    }

    /** Plays it, proves it, lets it last, and heals it. */
    void play(Fault fault, Random random) {
        switch (fault) {
            case KILL_LEADER -> killLeader();
            case CUT_REGIONS -> separate("cut", "{\"cut\":[\"" + names.get(0) + "\",\"" + names.get(1) + "\"]}");
            case ISOLATE -> separate("isolate", "{\"isolate\":\"" + names.get(random.nextInt(2)) + "\"}");
            case DELAY -> delay();
        }
    }

    private void killLeader() {
        String before = leader();
        command("{\"kill\":\"" + before + "\"}");
        await().atMost(LONGEST).until(() -> !leader().isEmpty() && !leader().equals(before));
        assertThat(names(probes.getFirst().rest().get("/v1/faults").expect(200).json(), "killed")).containsExactly(before);
        log("kill", Map.of("node", before, "evidence", leader() + " leads now"));
        dwell();
        command("{\"restart\":\"" + before + "\"}");
        log("restart", Map.of("node", before, "evidence", "answered"));
    }

    /** The node that leads the first range of the watched collection in its region; empty while nobody does. */
    private String leader() {
        Rest.Answer answer = watched.rest().get(watched.path() + "/ranges");
        if (answer.status() != 200) {
            return "";
        }
        JsonObject range = (JsonObject) ((JsonArray) answer.value("ranges")).elements().getFirst();
        return range.getOrNull("leader") instanceof JsonString leader ? leader.value() : "";
    }

    private void separate(String f, String body) {
        arrives(0, write(0));
        arrives(1, write(1));
        command(body);
        String from = write(0);
        String back = write(1);
        dwell();
        probes.get(1).get(from).expectProblem(404, "AVL-2013");
        probes.get(0).get(back).expectProblem(404, "AVL-2013");
        log(f, Map.of("body", body, "evidence", from + " and " + back + " stay where they were written"));
        heal();
        arrives(0, from);
        arrives(1, back);
        log("heal", Map.of("evidence", from + " and " + back + " have arrived"));
    }

    private void delay() {
        arrives(0, write(0));
        command("{\"delay\":[\"" + names.get(0) + "\",\"" + names.get(1) + "\"],\"ms\":" + ROUND_TRIP_MILLIS + "}");
        String late = write(0);
        long began = System.nanoTime();
        arrives(0, late);
        long millis = (System.nanoTime() - began) / 1_000_000;
        assertThat(millis).as("ms that %s took with a round trip of %d ms", late, ROUND_TRIP_MILLIS)
                .isGreaterThanOrEqualTo(ROUND_TRIP_MILLIS / 3);
        log("delay", Map.of("evidence", late + " took " + millis + " ms"));
        dwell();
        heal();
        log("heal", Map.of("evidence", "answered"));
    }

    /** Ends all faults and starts what was killed. */
    void heal() {
        command("{\"heal\":true}");
    }

    /** A fresh document, written in a region. */
    private String write(int region) {
        String id = "probe-" + probe++;
        await().atMost(LONGEST).until(() -> probes.get(region).insert("{\"id\":\"" + id + "\",\"userId\":\"" + id + "\"}").status(),
                status -> status == 201 || status == 409);
        return id;
    }

    /** Waits until a document of one region is in the other one. */
    private void arrives(int from, String id) {
        await().atMost(LONGEST).pollInterval(Duration.ofMillis(50)).until(() -> probes.get(1 - from).get(id).status() == 200);
    }

    private void dwell() {
        long until = System.nanoTime() + dwell.toNanos();
        await().atMost(dwell.plus(LONGEST)).until(() -> System.nanoTime() > until);
    }

    private void command(String body) {
        try { // a restart answers once the node has started again
            probes.getFirst().rest().tryCall("POST", "/v1/faults", body.getBytes(StandardCharsets.UTF_8),
                    Map.of("x-aviladb-timeout", Long.toString(LONGEST.toMillis())), LONGEST).expect(200);
        } catch (IOException e) {
            throw new AssertionError("the fault " + body + " was not answered", e);
        }
    }

    private void log(String f, Map<String, String> value) {
        Map<Edn, Edn> entries = new LinkedHashMap<>();
        value.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(entry -> entries.put(Edn.keyword(entry.getKey()), Edn.of(entry.getValue())));
        workloads.forEach(workload -> workload.nemesis(f, new Edn.Dict(entries)));
    }

    private static List<String> names(JsonObject object, String member) {
        return ((JsonArray) object.get(member).orElseThrow()).elements().stream().map(name -> ((JsonString) name).value()).toList();
    }
}
