package io.aviladb.chaos.cluster.loopback;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Recorder;
import io.aviladb.core.error.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Strong reads, writes and compare-and-set by ETag in one region: linearizable, each key by itself. Keys are given up after a while, so that
 * unknown outcomes don't pile up. Values are unique, so that another ETag is another value, and a 412 proves that.
 */
final class RegisterWorkload extends Workload {
    private static final int PER_KEY = 60;
    private static final int KEYS = 3;
    private final AtomicLong values = new AtomicLong();

    RegisterWorkload(CollectionRest region) {
        super("register", List.of(region));
    }

    @Override
    List<String> checkers() {
        return List.of("refusals");
    }

    @Override
    void last() {
        // A linearizable history needs no end.
    }

    @Override
    Client client(int number, Random random) {
        return new RegisterClient(random);
    }

    private record Known(Edn value, String etag) {}

    private final class RegisterClient implements Client {
        private final Random random;
        private final Recorder.Client told = recorder.client(Map.of("level", Edn.keyword("strong")));
        private final Map<String, Known> known = new HashMap<>();

        RegisterClient(Random random) {
            this.random = random;
        }

        @Override
        public void step() {
            long value = values.incrementAndGet();
            String key = "r" + (value / PER_KEY * KEYS + random.nextInt(KEYS));
            Known last = known.get(key);
            int what = random.nextInt(10);
            if (what < 4) {
                read(key);
            } else if (what < 7 || last == null) {
                write(key, Edn.of(value), Map.of());
            } else {
                swap(key, last, Edn.of(value));
            }
        }

        private void read(String key) {
            told.invoke("read", Edn.vector(Edn.of(key), Edn.NIL));
            switch (Answered.of(regions.getFirst().rest(), "GET", regions.getFirst().document(key), "",
                    Map.of("x-aviladb-consistency", "strong"))) {
                case Answered.Done(Rest.Answer answer) -> {
                    Edn value = Answered.number(answer.json(), "v");
                    known.put(key, new Known(value, answer.header("etag")));
                    told.ok(Edn.vector(Edn.of(key), value), Map.of());
                }
                case Answered.Refused(ErrorCode code) when code == ErrorCode.DOCUMENT_NOT_FOUND ->
                    told.ok(Edn.vector(Edn.of(key), Edn.ABSENT), Map.of());
                case Answered.Refused(ErrorCode code) -> told.fail(code.code());
                case Answered.Unknown(String why) -> told.fail(why); // it would have changed nothing
            }
        }

        private void write(String key, Edn value, Map<String, String> headers) {
            told.invoke("write", Edn.vector(Edn.of(key), value));
            settle(put(key, value, headers), Edn.vector(Edn.of(key), value));
        }

        private void swap(String key, Known last, Edn value) {
            Edn pair = Edn.vector(Edn.of(key), Edn.vector(last.value, value));
            told.invoke("cas", pair);
            Answered answer = put(key, value, Map.of("if-match", last.etag));
            if (answer instanceof Answered.Refused(ErrorCode code) && code == ErrorCode.PRECONDITION_FAILED) {
                known.remove(key);
                told.fail("mismatch");
            } else {
                settle(answer, pair);
            }
        }

        private Answered put(String key, Edn value, Map<String, String> headers) {
            return Answered.of(regions.getFirst().rest(), "PUT", regions.getFirst().document(key),
                    "{\"id\":\"" + key + "\",\"userId\":\"" + key + "\",\"v\":" + value.text() + "}", headers);
        }

        private void settle(Answered answer, Edn value) {
            switch (answer) {
                case Answered.Done(Rest.Answer done) -> told.ok(value, Map.of("hlc", Answered.stamp(done.string("version"))));
                case Answered.Refused(ErrorCode code) -> told.fail(code.code());
                case Answered.Unknown(String why) -> told.info(why);
            }
        }
    }

}
