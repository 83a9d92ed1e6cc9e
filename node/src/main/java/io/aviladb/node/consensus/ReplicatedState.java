package io.aviladb.node.consensus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state that a group replicates. The adapter calls all methods but {@link #checkpoint} from one thread at a time.
 *
 * <p>{@link #apply} is total and deterministic: a business refusal is an answer; an exception means a broken invariant and stops the replica.
 */
public interface ReplicatedState {
    /**
     * Opens the state in the directory, creating it where there is none. Called at start and again after an installed snapshot has taken the
     * directory's place.
     *
     * @return what is applied: read from the state itself, never from a file beside it
     */
    LogPosition open(Path directory) throws IOException;

    /**
     * Applies one entry. Entries at or below the applied position never come.
     *
     * @param context what {@link RaftGroup#propose} was given, on the replica that proposed and only there; what it says equals the entry
     * @return the answer for the proposer
     */
    Object apply(LogPosition at, byte[] entry, @Nullable Object context);

    /** The log moved over an entry without data for the state: a configuration, or a leader's first entry. Need not be durable. */
    void advance(LogPosition at);

    /**
     * Writes a complete, durable copy of the state into the directory, which doesn't exist yet, while applies go on.
     *
     * @return the position that the copy itself holds
     */
    LogPosition checkpoint(Path directory) throws IOException;

    /**
     * Reads everything that is stored and compares it with its checksums. Slow; the state is open.
     *
     * @throws IOException where bytes are not what was written
     */
    default void verify() throws IOException {
    }

    /** Why the open state can't go on: its store found damaged bytes, or couldn't write. Any thread. */
    default Optional<StateFailure> failure() {
        return Optional.empty();
    }

    /** What befell a state. {@code damaged}: its files are not what was written; else they couldn't be written or read. */
    record StateFailure(boolean damaged, Throwable cause) {}

    /** Closes; {@link #open} may follow. */
    void close();
}
