package io.aviladb.benchmarks.cluster;

import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.ReplicatedState;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Counts entries and does nothing else, so that only consensus and its log are measured. Not durable: a run starts from nothing. */
final class CountingState implements ReplicatedState {
    private LogPosition applied = LogPosition.START;
    private long count;

    @Override
    public LogPosition open(Path directory) {
        return applied;
    }

    @Override
    public Object apply(LogPosition at, byte[] entry, @Nullable Object context) {
        applied = at;
        return ++count;
    }

    @Override
    public void advance(LogPosition at) {
        applied = at;
    }

    @Override
    public LogPosition checkpoint(Path directory) {
        throw new UnsupportedOperationException("RawGroup puts snapshots off for longer than a run");
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
