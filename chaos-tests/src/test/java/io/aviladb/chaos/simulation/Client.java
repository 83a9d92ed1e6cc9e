package io.aviladb.chaos.simulation;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Recorder;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.OperationId;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.router.route.UnitDraft;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does one thing after another, and records what it asks and is told. */
abstract class Client {
    private static final Duration PATIENCE = Duration.ofMillis(2_500);

    final Cluster cluster;
    final Recorder.Client told;
    final Random random;
    private boolean stopped;
    private boolean busy;

    Client(Cluster cluster, Recorder.Client told, Random random) {
        this.cluster = cluster;
        this.told = told;
        this.random = random;
    }

    /** One operation, recorded; ends with {@link #done}. */
    abstract void step();

    /** Reads everything at the end, from every region; tells when it is over. */
    abstract void last(Runnable over);

    final void begin() {
        cluster.agenda.after((1 + random.nextInt(25)) * 1_000_000L, () -> {
            if (!stopped) {
                busy = true;
                step();
            }
        });
    }

    final void done() {
        busy = false;
        begin();
    }

    /** Begins nothing any more; what is open goes on. */
    final void stop() {
        stopped = true;
    }

    final boolean isBusy() {
        return busy;
    }

    final Edge anyEdge() {
        return cluster.edges.get(random.nextInt(cluster.edges.size()));
    }

    final void write(Edge edge, DocumentWrite write, @Nullable OperationId operation, VersionVector token, Consumer<Told> then) {
        edge.writes().write(edge.region(), new UnitDraft(List.of(write), operation, token), edge.in(PATIENCE))
                .whenComplete((result, failure) -> cluster.guarded(() -> {
                    if (failure != null) {
                        throw new IllegalStateException("a write's result never fails", failure);
                    }
                    then.accept(Told.of(result));
                }));
    }

    /** Records the read's beginning and its failure; {@code then} its answer. */
    final void read(Recorder.Client recording, Edn asked, Edge edge, String id, ReadConsistency consistency, VersionVector token,
            Consumer<ReadReply> then, Runnable failed) {
        recording.invoke("read", asked);
        edge.reads().read(edge.region(), Documents.key(id), consistency, token, edge.in(PATIENCE))
                .whenComplete((answer, failure) -> cluster.guarded(() -> {
                    if (failure == null) {
                        then.accept(answer.reply());
                    } else {
                        recording.fail(Told.code(failure).code());
                        failed.run();
                    }
                }));
    }
}
