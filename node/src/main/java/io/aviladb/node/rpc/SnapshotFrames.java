package io.aviladb.node.rpc;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.proto.node.NodeStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sends the files of a snapshot: for each file frames of (name, bytes), as many as there is credit for. */
final class SnapshotFrames implements NodeStream {
    private static final int CHUNK_BYTES = 1 << 20;

    private final NodeStream.Receiver receiver;
    private final Executor executor;
    private final Path root;
    private final Iterator<Path> files;
    private @Nullable InputStream open; // guarded by this, as are the following
    private String name = "";
    private int credit;
    private boolean running;
    private boolean over;

    SnapshotFrames(Path root, NodeStream.Receiver receiver, Executor executor) throws IOException {
        this.root = root;
        this.receiver = receiver;
        this.executor = executor;
        try (Stream<Path> walk = Files.walk(root)) {
            List<Path> list = walk.filter(Files::isRegularFile).sorted().toList();
            this.files = list.iterator();
        }
    }

    @Override
    public void request(int frames) {
        synchronized (this) {
            credit += frames;
            if (running || over) {
                return;
            }
            running = true;
        }
        executor.execute(this::send);
    }

    @Override
    public synchronized void cancel() {
        over = true;
    }

    private void send() {
        while (true) {
            byte[] frame;
            synchronized (this) {
                if (credit == 0 || over) {
                    running = false;
                    return;
                }
                try {
                    frame = next();
                } catch (IOException e) {
                    over = true;
                    running = false;
                    receiver.onError(e);
                    return;
                }
                if (frame.length == 0) {
                    over = true;
                    running = false;
                } else {
                    credit--;
                }
            }
            if (frame.length == 0) {
                receiver.onEnd();
                return;
            }
            receiver.onFrame(frame);
        }
    }

    private byte[] next() throws IOException {
        while (true) {
            if (open == null) {
                if (!files.hasNext()) {
                    return new byte[0];
                }
                Path file = files.next();
                name = root.relativize(file).toString();
                open = Files.newInputStream(file);
                byte[] first = open.readNBytes(CHUNK_BYTES);
                return frame(name, first); // an empty file has a frame too
            }
            byte[] more = open.readNBytes(CHUNK_BYTES);
            if (more.length > 0) {
                return frame(name, more);
            }
            open.close();
            open = null;
        }
    }

    private static byte[] frame(String name, byte[] bytes) {
        return new ByteWriter(bytes.length + 64).writeString(name).writeBytes(bytes).toByteArray();
    }

    /** Writes one frame under the root. A name that leads out of it is refused. */
    static void write(Path root, byte[] frame) throws IOException {
        ByteReader in = new ByteReader(frame);
        Path file = root.resolve(in.readString()).normalize();
        if (!file.startsWith(root)) {
            throw new IOException("a snapshot's file leads out of its directory");
        }
        Files.createDirectories(file.getParent());
        Files.write(file, in.readBytes(), java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
    }
}
