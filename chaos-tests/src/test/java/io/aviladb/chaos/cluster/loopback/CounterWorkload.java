package io.aviladb.chaos.cluster.loopback;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Recorder;
import io.aviladb.core.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Additions to one counter in all regions, each sent twice or more under the same idempotency key, to the region of the first attempt and to any: it
 * counts once. At the end all regions show the sum of what was acknowledged and of some of what nobody knows.
 */
final class CounterWorkload extends Workload {
    private static final String ID = "counter";
    private final List<String> names;
    private final AtomicLong keys = new AtomicLong();

    /** @param names of the regions, in their order */
    CounterWorkload(List<CollectionRest> regions, List<String> names) {
        super("counter", regions);
        this.names = List.copyOf(names);
    }

    @Override
    List<String> checkers() {
        return List.of("pn-counter");
    }

    /** The counter's document, before the clients begin. */
    void create() {
        regions.getFirst().insert("{\"id\":\"" + ID + "\",\"userId\":\"" + ID + "\",\"wins\":0}").expect(201);
    }

    @Override
    Client client(int number, Random random) {
        Recorder.Client told = recorder.client(Map.of());
        return () -> {
            if (random.nextInt(4) == 0) {
                read(told, regions.get(random.nextInt(regions.size())));
            } else {
                add(told, random);
            }
        };
    }

    @Override
    void last() {
        for (CollectionRest region : regions) {
            read(recorder.client(Map.of("final?", new Edn.Bool(true))), region);
        }
    }

    private void add(Recorder.Client told, Random random) {
        long n = random.nextInt(1, 6);
        int first = random.nextInt(regions.size());
        String key = "\"add-" + keys.incrementAndGet() + "\"; region=" + names.get(first);
        told.invoke("add", Edn.of(n));
        Answered best = send(regions.get(first), n, key);
        for (int attempt = 2; attempt <= 3; attempt++) {
            Answered again = send(regions.get(attempt == 2 ? first : random.nextInt(regions.size())), n, key);
            best = best instanceof Answered.Done ? best : again instanceof Answered.Done || best instanceof Answered.Refused ? again : best;
        }
        switch (best) {
            case Answered.Done done -> told.ok(Edn.of(n), Map.of("attempts", Edn.of(3)));
            case Answered.Refused(ErrorCode code) -> told.fail(code.code());
            case Answered.Unknown(String why) -> told.info(why);
        }
    }

    private static Answered send(CollectionRest region, long n, String key) {
        return Answered.of(region.rest(), "PATCH", region.document(ID),
                "{\"ops\":[{\"op\":\"inc\",\"path\":\"/wins\",\"value\":" + n + "}]}",
                Map.of("idempotency-key", key));
    }

    private static void read(Recorder.Client told, CollectionRest region) {
        told.invoke("read", Edn.NIL);
        switch (Answered.of(region.rest(), "GET", region.document(ID), "", Map.of("x-aviladb-consistency", "strong"))) {
            case Answered.Done(Rest.Answer answer) -> told.ok(Answered.number(answer.json(), "wins"), Map.of());
            case Answered.Refused(ErrorCode code) -> told.fail(code.code());
            case Answered.Unknown(String why) -> told.fail(why); // it would have changed nothing
        }
    }
}
