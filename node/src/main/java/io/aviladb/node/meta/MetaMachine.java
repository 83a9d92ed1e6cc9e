package io.aviladb.node.meta;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.ReplicatedState;
import io.aviladb.storage.Applied;
import io.aviladb.storage.MetaBatch;
import io.aviladb.storage.MetaStore;
import io.aviladb.storage.engine.SharedEngine;
import io.aviladb.storage.engine.StorageException;
import io.aviladb.storage.engine.StorageFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Replicates one immutable value. An entry's step is a pure function of value and entry; the new value is written whole, in the same write
 * as the applied position, and is on disk before the answer is given. Meant for values of at most some hundred kilobytes that change
 * seldom.
 *
 * @param <S> the value
 */
public abstract class MetaMachine<S> implements ReplicatedState {
    private static final byte[] NAME = "value".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT = 3; // 2: the controller's value has operations and the ranges' bounds; 3: and the region's nodes

    private final SharedEngine shared;
    private final S initial; // before the first entry
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable MetaStore store;
    private volatile S value; // Durable: read from the store on open.

    /** What an entry does. The same value, by identity, means that nothing changes. */
    public record Step<S>(S next, Object answer) {}

    /** Ends a registration. Closing again does nothing. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    protected MetaMachine(SharedEngine shared, S initial) {
        this.initial = initial;
        this.shared = shared;
        this.value = initial;
    }

    protected abstract void write(S value, ByteWriter out);

    protected abstract S read(ByteReader in);

    /** Total and deterministic: refusals are answers. */
    protected abstract Step<S> step(S value, byte[] entry);

    /** The value as of the last applied entry. Any thread. */
    public final S value() {
        return value;
    }

    /**
     * Has the task run after every change, once {@link #value} shows it, and after the state was opened. It runs on the thread that applies:
     * it must neither block nor throw.
     */
    public final Registration onChange(Runnable task) {
        Runnable own = task::run; // so that the same task, registered twice, ends once
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    @Override
    public final LogPosition open(Path directory) throws IOException {
        MetaStore opened = MetaStore.open(directory, shared);
        try {
            byte[] stored = opened.get(NAME);
            value = stored == null ? initial : decode(stored, directory);
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
        store = opened;
        listeners.forEach(Runnable::run);
        return position(opened.applied());
    }

    @Override
    public final Object apply(LogPosition at, byte[] entry, @Nullable Object context) {
        S before = value;
        Step<S> step = step(before, entry);
        try (MetaBatch batch = store().begin()) {
            if (step.next() != before) {
                batch.put(NAME, encode(step.next()));
            }
            batch.commit(applied(at));
        }
        if (step.next() != before) {
            // A node comes back with what its own disk has: after a crash the log alone doesn't say which of its entries are committed.
            store().flush();
            value = step.next();
            listeners.forEach(Runnable::run);
        }
        return step.answer();
    }

    @Override
    public final void advance(LogPosition at) {
        MetaStore opened = store();
        if (at.index() > opened.applied().index()) {
            try (MetaBatch batch = opened.begin()) {
                batch.commit(applied(at));
            }
        }
    }

    @Override
    public final LogPosition checkpoint(Path directory) throws IOException {
        store().checkpoint(directory);
        return position(MetaStore.appliedOf(directory));
    }

    /** SHA-256 of the stored value, for comparing replicas at one applied position. */
    public final byte[] stateHash() {
        return store().stateHash();
    }

    @Override
    public final void verify() throws IOException {
        store().verify();
    }

    @Override
    public final Optional<StateFailure> failure() {
        MetaStore open = store;
        StorageException failure = open == null ? null : open.failure();
        return failure == null || failure.reason() == StorageException.Reason.CLOSED
                ? Optional.empty()
                : Optional.of(new StateFailure(failure.reason() == StorageException.Reason.DAMAGED, failure));
    }

    @Override
    public final void close() {
        MetaStore opened = store;
        store = null;
        if (opened != null) {
            opened.close();
        }
    }

    private MetaStore store() {
        MetaStore opened = store;
        if (opened == null) {
            throw new IllegalStateException("the state is not open");
        }
        return opened;
    }

    private byte[] encode(S next) {
        ByteWriter out = new ByteWriter(256).writeByte(FORMAT);
        write(next, out);
        return out.toByteArray();
    }

    private S decode(byte[] stored, Path directory) throws StorageFormatException {
        ByteReader in = new ByteReader(stored);
        int format = in.readByte();
        if (format != FORMAT) {
            throw new StorageFormatException(
                    directory + " has format " + format + ", and this program reads format " + FORMAT + ": use the program that wrote it");
        }
        S decoded = read(in);
        in.expectEnd();
        return decoded;
    }

    /** These entries carry no stamps. */
    private static Applied applied(LogPosition at) {
        return new Applied(at.term(), at.index(), HybridTimestamp.ZERO);
    }

    private static LogPosition position(Applied applied) {
        return new LogPosition(applied.term(), applied.index());
    }
}
