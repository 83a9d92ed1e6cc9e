package io.aviladb.node.consensus.ratis;

import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.ReplicatedState;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the numbers it was given, in order. Written to disk every hundred entries only, and never when it closes, so that each restart
 * replays. Answers with the number's place.
 */
final class RecordingState implements ReplicatedState {
    /** Makes {@link #apply} throw, on the replicas that are told to mind it. */
    static final long POISON = -666;

    private final List<Long> numbers = new ArrayList<>();
    private @Nullable Path directory;
    private LogPosition at = LogPosition.START;
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger contexts = new AtomicInteger();
    volatile boolean mindsPoison;
    volatile @Nullable String violation;

    static byte[] entry(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    @Override
    public synchronized LogPosition open(Path directory) throws IOException {
        if (this.directory != null) {
            violation = "opened twice";
        }
        this.directory = directory;
        opened.incrementAndGet();
        numbers.clear();
        at = LogPosition.START;
        Path file = directory.resolve("numbers");
        if (Files.exists(file)) {
            try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
                at = new LogPosition(in.readLong(), in.readLong());
                for (long n = in.readLong(); n > 0; n--) {
                    numbers.add(in.readLong());
                }
            }
        }
        return at;
    }

    @Override
    public synchronized Object apply(LogPosition position, byte[] entry, @Nullable Object context) {
        long number = ByteBuffer.wrap(entry).getLong();
        if (context != null) {
            contexts.incrementAndGet();
            if (!context.equals(number)) {
                violation = "the context of " + number + " is " + context;
            }
        }
        if (number == POISON && mindsPoison) {
            throw new IllegalStateException("poison");
        }
        advance(position);
        numbers.add(number);
        if (numbers.size() % 100 == 0 && directory != null) {
            save(directory);
        }
        return numbers.size();
    }

    @Override
    public synchronized void advance(LogPosition position) {
        if (position.index() <= at.index() && !at.equals(LogPosition.START) || position.term() < at.term()) {
            violation = position + " came after " + at;
        }
        at = position;
    }

    @Override
    public synchronized LogPosition checkpoint(Path target) throws IOException {
        Files.createDirectory(target);
        save(target);
        return at;
    }

    @Override
    public synchronized void close() {
        directory = null;
    }

    synchronized List<Long> numbers() {
        return List.copyOf(numbers);
    }

    private void save(Path target) {
        Path fresh = target.resolve("fresh");
        try {
            try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(fresh))) {
                out.writeLong(at.term());
                out.writeLong(at.index());
                out.writeLong(numbers.size());
                for (long number : numbers) {
                    out.writeLong(number);
                }
            }
            Files.move(fresh, target.resolve("numbers"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
