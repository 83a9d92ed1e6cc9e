package io.aviladb.chaos.simulation;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Recorder;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.Precondition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;

/** Additions to one counter, each sent three times under one operation's id, to the region of the first attempt and to any: it counts once. */
final class CounterClient extends Client {
    static final String ID = "counter";

    private final Recorder recorder;
    private final int number;
    private long sequence;

    CounterClient(Cluster cluster, Recorder recorder, int number, Random random) {
        super(cluster, recorder.client(Map.of()), random);
        this.recorder = recorder;
        this.number = number;
    }

    /** The counter's document, before the clients begin. */
    static void create(Cluster cluster, CounterClient any, Runnable then) {
        any.write(cluster.edges.getFirst(), Documents.put(ID, Precondition.NONE, 0), null, VersionVector.EMPTY, answer -> {
            if (answer instanceof Told.Done) {
                then.run();
            } else {
                create(cluster, any, then);
            }
        });
    }

    @Override
    void step() {
        Edge edge = anyEdge();
        if (random.nextInt(4) == 0) {
            read(told, Edn.NIL, edge, ID, ReadConsistency.STRONG, VersionVector.EMPTY, reply -> {
                told.ok(reply.json().map(Documents::value).orElse(Edn.ABSENT), Map.of());
                done();
            }, this::done);
            return;
        }
        long n = 1 + random.nextInt(5);
        told.invoke("add", Edn.of(n));
        OperationId operation = Documents.operation(2 + number, ++sequence, cluster.layout.incarnation(edge.region()), "add " + n,
                edge.clock().millis());
        send(edge, n, operation, 1, new Told.Unknown(ErrorCode.INDETERMINATE));
    }

    private void send(Edge first, long n, OperationId operation, int attempt, Told best) {
        write(attempt == 3 ? anyEdge() : first, Documents.add(ID, n), operation, VersionVector.EMPTY, answer -> {
            Told better = best instanceof Told.Done
                    ? best
                    : answer instanceof Told.Done || attempt == 1 || best instanceof Told.Refused ? answer : best;
            if (attempt < 3) {
                send(first, n, operation, attempt + 1, better);
            } else {
                settle(better, n);
            }
        });
    }

    private void settle(Told best, long n) {
        switch (best) {
            case Told.Done done -> told.ok(Edn.of(n), Map.of("attempts", Edn.of(3)));
            case Told.Refused(ErrorCode code) -> told.fail(code.code());
            case Told.Unknown(ErrorCode code) -> told.info(code.code());
        }
        done();
    }

    @Override
    void last(Runnable over) {
        Deque<Edge> edges = new ArrayDeque<>(cluster.edges);
        next(edges, over);
    }

    private void next(Deque<Edge> edges, Runnable over) {
        if (edges.isEmpty()) {
            over.run();
            return;
        }
        Recorder.Client last = recorder.client(Map.of("final?", new Edn.Bool(true)));
        read(last, Edn.NIL, edges.remove(), ID, ReadConsistency.STRONG, VersionVector.EMPTY, reply -> {
            last.ok(reply.json().map(Documents::value).orElse(Edn.ABSENT), Map.of());
            next(edges, over);
        }, () -> next(edges, over));
    }
}
