package io.aviladb.chaos.cluster.loopback;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Recorder;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sessions that roam: each operation goes to any region, with the token of the answer before. All four guarantees of sessions hold; at the end the
 * regions agree on each key, and the highest stamp has won.
 */
final class SessionWorkload extends Workload {
    private static final int PER_KEY = 80;
    private static final int KEYS = 4;
    private final AtomicLong values = new AtomicLong();
    private final Set<String> keys = new ConcurrentSkipListSet<>();

    SessionWorkload(List<CollectionRest> regions) {
        super("session", regions);
    }

    @Override
    List<String> checkers() {
        return List.of("sessions:causal", "lww");
    }

    @Override
    Client client(int number, Random random) {
        return new SessionClient(number, random);
    }

    @Override
    void last() {
        for (int n = 0; n < regions.size(); n++) {
            Recorder.Client told = recorder.client(Map.of("session", Edn.of(1_000L + n), "final?", new Edn.Bool(true)));
            for (String key : keys) {
                read(told, regions.get(n), key, Map.of("x-aviladb-consistency", "strong"));
            }
        }
    }

    private final class SessionClient implements Client {
        private final Random random;
        private final Recorder.Client told;
        private String token = "";

        SessionClient(int number, Random random) {
            this.random = random;
            this.told = recorder.client(Map.of("session", Edn.of(number), "level", Edn.keyword("session")));
        }

        @Override
        public void step() {
            long value = values.incrementAndGet();
            String key = "s" + (value / PER_KEY * KEYS + random.nextInt(KEYS));
            keys.add(key);
            CollectionRest region = regions.get(random.nextInt(regions.size()));
            Map<String, String> session = token.isEmpty()
                    ? Map.of("x-aviladb-consistency", "session")
                    : Map.of("x-aviladb-consistency", "session", "x-aviladb-session", token);
            token = random.nextInt(5) < 3
                    ? read(told, region, key, session).orElse(token)
                    : write(region, key, Edn.of(value), session).orElse(token);
        }

        private Optional<String> write(CollectionRest region, String key, Edn value, Map<String, String> session) {
            Edn pair = Edn.vector(Edn.of(key), value);
            told.invoke("write", pair);
            Answered answer = Answered.of(region.rest(), "PUT", region.document(key),
                    "{\"id\":\"" + key + "\",\"userId\":\"" + key + "\",\"v\":" + value.text() + "}", withoutLevel(session));
            return switch (answer) {
                case Answered.Done done -> {
                    String version = done.answer().string("version");
                    told.ok(pair, Map.of("hlc", Answered.stamp(version), "origin", Answered.origin(version)));
                    yield Optional.of(done.session());
                }
                case Answered.Refused(ErrorCode code) -> {
                    told.fail(code.code());
                    yield Optional.empty();
                }
                case Answered.Unknown(String why) -> {
                    told.info(why);
                    yield Optional.empty();
                }
            };
        }
    }

    private static Map<String, String> withoutLevel(Map<String, String> session) {
        Map<String, String> headers = new HashMap<>(session);
        headers.remove("x-aviladb-consistency"); // it is a read's
        return headers;
    }

    /** @return the token after it */
    private static Optional<String> read(Recorder.Client told, CollectionRest region, String key, Map<String, String> headers) {
        told.invoke("read", Edn.vector(Edn.of(key), Edn.NIL));
        Answered answer = Answered.of(region.rest(), "GET", region.document(key) + "&metadata=true", "", headers);
        switch (answer) {
            case Answered.Done done -> {
                JsonObject document = done.answer().json();
                Edn value = Answered.number(document, "v");
                List<Edn> seen = new ArrayList<>(List.of(Edn.of(key), value, Answered.stamp(Answered.version(document))));
                told.ok(Edn.vector(Edn.of(key), value), Map.of("seen", Edn.vector(new Edn.Vector(seen))));
                return Optional.of(done.session());
            }
            case Answered.Refused(ErrorCode code) when code == ErrorCode.DOCUMENT_NOT_FOUND ->
                told.ok(Edn.vector(Edn.of(key), Edn.ABSENT), Map.of());
            case Answered.Refused(ErrorCode code) -> told.fail(code.code());
            case Answered.Unknown(String why) -> told.fail(why); // it would have changed nothing
        }
        return Optional.empty();
    }
}
