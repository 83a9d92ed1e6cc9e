package org.apache.ratis.util;

import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the place of Ratis' class of this name, which writes a replica's term and vote. Ratis' own puts what it has in place when it is closed,
 * also after a write that failed: on a full disk a good file is replaced by an empty one, and the replica has lost its vote. When all replicas
 * of a group run out of space together, none comes back (FullDiskIT). Here a failed write leaves the file as it was.
 *
 * <p>Ratis 3.3.0's interface. {@link #isInPlace} tells whether this class or Ratis' was loaded: the class path decides.
 */
public final class AtomicFileOutputStream extends FilterOutputStream {
    public static final String TMP_EXTENSION = ".tmp";
    private static final Logger LOG = LoggerFactory.getLogger(AtomicFileOutputStream.class);

    private final Path file;
    private final Path temporary;
    private final AtomicBoolean closed = new AtomicBoolean();
    private boolean failed;

    public AtomicFileOutputStream(File outFile) throws IOException {
        this(outFile, getTemporaryFile(outFile));
    }

    public AtomicFileOutputStream(File outFile, File temporaryFile) throws IOException {
        super(FileUtils.newOutputStreamForceAtClose(temporaryFile, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE));
        this.file = outFile.getAbsoluteFile().toPath();
        this.temporary = temporaryFile.getAbsoluteFile().toPath();
    }

    public static File getTemporaryFile(File outFile) {
        return new File(outFile.getParentFile(), outFile.getName() + TMP_EXTENSION);
    }

    /** Whether the class that Ratis uses is this one. */
    public static boolean isInPlace() {
        return true;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException | RuntimeException e) {
            failed = true;
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            super.flush();
        } catch (IOException | RuntimeException e) {
            failed = true;
            throw e;
        }
    }

    public boolean isClosed() {
        return closed.get();
    }

    /** Puts the file in place. @throws IOException where a write failed before or the disk does now: then the file is as it was */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            super.close(); // forces
            if (failed) {
                throw new IOException("not all of " + file + " could be written; it is left as it was");
            }
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(Objects.requireNonNull(file.getParent()), StandardOpenOption.READ)) {
                directory.force(true); // the name too: a vote that was given must not be forgotten
            }
        } catch (IOException | RuntimeException e) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException leftOver) {
                e.addSuppressed(leftOver);
            }
            throw e;
        }
    }

    /** Leaves the file as it was. */
    public void abort() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            super.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).addKeyValue("file", temporary).log("An abandoned file could not be closed");
        }
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("file", temporary).log("An abandoned file could not be deleted");
        }
    }
}
