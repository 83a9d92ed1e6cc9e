package io.aviladb.chaos.simulation;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Recorder;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.Precondition;
import io.aviladb.proto.node.ReadReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/** A session that roams: each operation goes to any region, with what was seen so far. */
final class SessionClient extends Client {
    private static final int PER_KEY = 30;
    private static final int KEYS = 3;

    private final Recorder recorder;
    private final long[] values;
    private final TreeSet<String> ids;
    private VersionVector token = VersionVector.EMPTY;

    /**
     * @param values the last value that any of these clients has written, at 0; shared
     * @param ids that they have used; shared
     */
    SessionClient(Cluster cluster, Recorder recorder, int session, Random random, long[] values, TreeSet<String> ids) {
        super(cluster, recorder.client(Map.of("session", Edn.of(session), "level", Edn.keyword("session"))), random);
        this.recorder = recorder;
        this.values = values;
        this.ids = ids;
    }

    @Override
    void step() {
        long value = ++values[0];
        String id = "s" + (value / PER_KEY * KEYS + random.nextInt(KEYS));
        ids.add(id);
        if (random.nextInt(5) < 3) {
            read(told, Edn.vector(Edn.of(id), Edn.NIL), anyEdge(), id, ReadConsistency.SESSION, token, reply -> {
                token = token.join(reply.seen()).join(reply.vector());
                shown(told, id, reply);
                done();
            }, this::done);
        } else {
            write(id, value);
        }
    }

    private static void shown(Recorder.Client told, String id, ReadReply reply) {
        if (reply.json().isEmpty()) {
            told.ok(Edn.vector(Edn.of(id), Edn.ABSENT), Map.of());
            return;
        }
        Edn value = Documents.value(reply.json().get());
        told.ok(Edn.vector(Edn.of(id), value), Map.of("seen", Edn.vector(Edn.vector(Edn.of(id), value, Documents.stamp(reply.vector())))));
    }

    private void write(String id, long value) {
        Edn pair = Edn.vector(Edn.of(id), Edn.of(value));
        told.invoke("write", pair);
        write(anyEdge(), Documents.put(id, Precondition.NONE, value), null, token, answer -> {
            switch (answer) {
                case Told.Done(var committed) -> {
                    token = token.join(VersionVector.of(committed.version())).join(committed.documents().getFirst().vector());
                    told.ok(pair, Map.of("hlc", Documents.stamp(committed.version()), "origin",
                            Edn.of(Integer.toString(committed.version().region().number()))));
                }
                case Told.Refused(ErrorCode code) -> told.fail(code.code());
                case Told.Unknown(ErrorCode code) -> told.info(code.code());
            }
            done();
        });
    }

    @Override
    void last(Runnable over) {
        List<Runnable> reads = new ArrayList<>();
        for (int n = 0; n < cluster.edges.size(); n++) {
            Edge edge = cluster.edges.get(n);
            Recorder.Client last = recorder.client(Map.of("session", Edn.of(1_000L + n), "final?", new Edn.Bool(true)));
            for (String id : ids) {
                reads.add(
                        () -> read(last, Edn.vector(Edn.of(id), Edn.NIL), edge, id, ReadConsistency.STRONG, VersionVector.EMPTY, reply -> {
                            shown(last, id, reply);
                            next(reads, over);
                        }, () -> next(reads, over)));
            }
        }
        next(reads, over);
    }

    private static void next(List<Runnable> reads, Runnable over) {
        if (reads.isEmpty()) {
            over.run();
        } else {
            reads.removeFirst().run();
        }
    }
}
