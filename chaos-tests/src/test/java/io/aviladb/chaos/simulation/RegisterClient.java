package io.aviladb.chaos.simulation;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Recorder;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.Precondition;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Strong reads and writes of registers, and writes under the condition that nobody has written since; all in one region. */
final class RegisterClient extends Client {
    private static final int PER_KEY = 25;
    private static final int KEYS = 2;

    private final long[] values;
    private @Nullable Known known;

    /** What a read has shown last. */
    private record Known(String id, Edn value, VersionVector vector) {}

    /** @param values the last value that any of these clients has written, at 0; shared */
    RegisterClient(Cluster cluster, Recorder.Client told, Random random, long[] values) {
        super(cluster, told, random);
        this.values = values;
    }

    @Override
    void step() {
        long value = ++values[0];
        String id = "r" + (value / PER_KEY * KEYS + random.nextInt(KEYS));
        Known last = known;
        int what = random.nextInt(10);
        if (what < 4) {
            read(id);
        } else if (what < 7 || last == null) {
            write(id, value);
        } else {
            swap(last, value);
        }
    }

    private Edge edge() {
        return random.nextBoolean() ? cluster.edges.getFirst() : cluster.second;
    }

    private void read(String id) {
        read(told, Edn.vector(Edn.of(id), Edn.NIL), edge(), id, ReadConsistency.STRONG, VersionVector.EMPTY, reply -> {
            Edn shown = reply.json().map(Documents::value).orElse(Edn.ABSENT);
            known = reply.json().isPresent() ? new Known(id, shown, reply.vector()) : null;
            told.ok(Edn.vector(Edn.of(id), shown), Map.of());
            done();
        }, this::done);
    }

    private void write(String id, long value) {
        Edn pair = Edn.vector(Edn.of(id), Edn.of(value));
        told.invoke("write", pair);
        write(edge(), Documents.put(id, Precondition.NONE, value), operation(value), VersionVector.EMPTY, answer -> settle(answer, pair));
    }

    private void swap(Known last, long value) {
        Edn pair = Edn.vector(Edn.of(last.id()), Edn.vector(last.value(), Edn.of(value)));
        told.invoke("cas", pair);
        write(edge(), Documents.put(last.id(), new Precondition.Matches(last.vector()), value), operation(value), VersionVector.EMPTY,
                answer -> {
                    known = null;
                    if (answer instanceof Told.Refused(ErrorCode code) && code == ErrorCode.PRECONDITION_FAILED) {
                        told.fail("mismatch");
                        done();
                    } else {
                        settle(answer, pair);
                    }
                });
    }

    /** Half of the writes may be sent again. */
    private @Nullable OperationId operation(long value) {
        return random.nextBoolean()
                ? null
                : Documents.operation(1, value, cluster.layout.incarnation(cluster.second.region()), "write " + value,
                        cluster.second.clock().millis());
    }

    private void settle(Told answer, Edn value) {
        switch (answer) {
            case Told.Done(var committed) -> told.ok(value, Map.of("hlc", Documents.stamp(committed.version())));
            case Told.Refused(ErrorCode code) -> told.fail(code.code());
            case Told.Unknown(ErrorCode code) -> told.info(code.code());
        }
        done();
    }

    @Override
    void last(Runnable over) {
        over.run(); // a linearizable history needs no end
    }
}
