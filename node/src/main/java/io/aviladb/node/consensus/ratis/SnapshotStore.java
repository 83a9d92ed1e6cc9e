package io.aviladb.node.consensus.ratis;

import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.ReplicatedState;
import io.aviladb.storage.engine.StorageDamagedException;
import io.aviladb.storage.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replica's directories: {@code db}, the open state, and {@code snap/<term>_<index>}, snapshots.
 *
 * <p>Invariant: a directory whose name is a position is complete and on disk; anything else under {@code snap} is rubbish of a crash.
 */
final class SnapshotStore {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);
    private static final Pattern NAME = Pattern.compile("(\\d+)_(\\d+)");
    /** One may be in transfer while the next is published. */
    private static final int KEPT = 2;

    private final Path db;
    private final Path snapshots;
    private volatile @Nullable Snapshot newest;
    private volatile boolean lost;
    private volatile @Nullable Snapshot adopted; // the state was just made from it, and hasn't been read whole yet

    /** A complete snapshot. */
    record Snapshot(LogPosition at, Path directory) {}

    SnapshotStore(Path group) throws IOException {
        this.db = group.resolve("db");
        this.snapshots = group.resolve("snap");
        Files.createDirectories(snapshots);
        for (Path leftOver : rubbish()) {
            DiskFiles.delete(leftOver);
        }
        DiskFiles.delete(group.resolve("db.new"));
        DiskFiles.delete(group.resolve("db.old"));
        this.newest = list().stream().findFirst().orElse(null);
    }

    Path db() {
        return db;
    }

    Optional<Snapshot> newest() {
        return Optional.ofNullable(newest);
    }

    /** A new empty directory to receive a snapshot into. */
    synchronized Path receiving() throws IOException {
        Path directory = snapshots.resolve("tmp");
        DiskFiles.delete(directory);
        return Files.createDirectory(directory);
    }

    /** A name at which nothing is, for a checkpoint. */
    synchronized Path writing() throws IOException {
        Path directory = snapshots.resolve("new");
        DiskFiles.delete(directory);
        return directory;
    }

    /** Adds the manifest to, flushes and names what {@link #writing} holds. */
    Snapshot publishWritten(Path directory, LogPosition at) throws IOException {
        if (Files.notExists(directory.resolve(SnapshotManifest.FILE))) {
            writeManifest(directory);
        }
        return publish(directory, at);
    }

    private void writeManifest(Path directory) throws IOException {
        Snapshot earlier = newest;
        if (earlier != null) {
            try {
                SnapshotManifest.write(directory, earlier.directory());
                return;
            } catch (StorageDamagedException noManifest) {
                // All files are read instead.
            }
        }
        SnapshotManifest.write(directory);
    }

    /** Checks against the sender's manifest, where it sent one, flushes and names what {@link #receiving} holds. */
    Snapshot publishReceived(Path directory, LogPosition at) throws IOException {
        if (Files.exists(directory.resolve(SnapshotManifest.FILE))) {
            SnapshotManifest.verify(directory);
        } else {
            SnapshotManifest.write(directory);
        }
        Snapshot received = publish(directory, at);
        lost = false;
        return received;
    }

    private synchronized Snapshot publish(Path directory, LogPosition at) throws IOException {
        Snapshot published = new Snapshot(at, snapshots.resolve(at.term() + "_" + at.index()));
        if (Files.exists(published.directory())) {
            DiskFiles.delete(directory);
        } else {
            DiskFiles.flush(directory);
            DiskFiles.publish(directory, published.directory());
        }
        List<Snapshot> all = list();
        newest = all.getFirst();
        for (Snapshot old : all.subList(Math.min(KEPT, all.size()), all.size())) {
            DiskFiles.delete(old.directory());
        }
        return published;
    }

    /**
     * Opens the state, which takes the newest snapshot's place first where it is behind it: the log may begin after that snapshot. So an
     * installation that a crash interrupted is finished here.
     *
     * @param force whether the snapshot replaces even a state that is not behind
     */
    LogPosition open(ReplicatedState state, boolean force) throws IOException {
        while (true) {
            try {
                return openNewest(state, force);
            } catch (IOException | RuntimeException e) {
                state.close();
                boolean replaced = Damage.isOfState(e) && setAside(e);
                // An installed snapshot that can't be used isn't installed: Ratis has to hear of it.
                if (!replaced || force) {
                    throw e;
                }
            }
        }
    }

    /** Whether files were set aside since this replica's directories were opened: what is left may not reach up to where the log begins. */
    boolean hasLost() {
        return lost;
    }

    /** The state's directory was found damaged while it was open; it is closed. */
    synchronized boolean setAside(Throwable why) throws IOException {
        Snapshot made = adopted;
        adopted = null;
        if (made != null) {
            DiskFiles.delete(db);
        }
        Path aside = ReplicaFiles.aside(made == null ? db : made.directory());
        if (aside == null) {
            return false;
        }
        lost = true;
        newest = list().stream().findFirst().orElse(null);
        LOG.atError().setCause(why).addKeyValue("damaged", db).addKeyValue("aside", aside)
                .addKeyValue("snapshot", newest == null ? "none" : newest.directory())
                .log("The state is damaged: set aside, and made again from the snapshot and the log");
        return true;
    }

    /** Sets those aside that are not what their manifests say. Reads them whole. */
    synchronized void dropDamaged() throws IOException {
        for (Snapshot snapshot : list()) {
            dropIfDamaged(snapshot);
        }
        newest = list().stream().findFirst().orElse(null);
    }

    private boolean dropIfDamaged(Snapshot snapshot) throws IOException {
        try {
            SnapshotManifest.verify(snapshot.directory());
            return false;
        } catch (StorageDamagedException e) {
            LOG.atError().setCause(e).addKeyValue("aside", ReplicaFiles.aside(snapshot.directory()))
                    .log("A snapshot is damaged: set aside");
            lost = true;
            return true;
        }
    }

    private LogPosition openNewest(ReplicatedState state, boolean force) throws IOException {
        Snapshot snapshot = newest;
        if (snapshot == null) {
            Files.createDirectories(db);
            return state.open(db);
        }
        if (!force && Files.exists(db)) {
            LogPosition at = state.open(db);
            if (at.index() >= snapshot.at().index()) {
                return at;
            }
            state.close();
        }
        if (dropIfDamaged(snapshot)) {
            newest = list().stream().findFirst().orElse(null);
            return openNewest(state, force);
        }
        adopt(snapshot);
        adopted = snapshot;
        LogPosition at = state.open(db);
        state.verify();
        adopted = null;
        return at;
    }

    private void adopt(Snapshot snapshot) throws IOException {
        Path fresh = db.resolveSibling("db.new");
        Path old = db.resolveSibling("db.old");
        DiskFiles.delete(fresh);
        DiskFiles.delete(old);
        DiskFiles.cloneTree(snapshot.directory(), fresh);
        Files.deleteIfExists(fresh.resolve(SnapshotManifest.FILE));
        DiskFiles.flush(fresh);
        if (Files.exists(db)) {
            DiskFiles.publish(db, old);
        }
        DiskFiles.publish(fresh, db);
        DiskFiles.delete(old);
    }

    private List<Snapshot> list() throws IOException {
        try (Stream<Path> entries = Files.list(snapshots)) {
            return entries.map(SnapshotStore::parse).flatMap(Optional::stream)
                    .sorted(Comparator.comparingLong((Snapshot s) -> s.at().index()).reversed()).toList();
        }
    }

    private List<Path> rubbish() throws IOException {
        try (Stream<Path> entries = Files.list(snapshots)) {
            return entries.filter(p -> parse(p).isEmpty() && !ReplicaFiles.isAside(p)).toList();
        }
    }

    private static Optional<Snapshot> parse(Path directory) {
        Matcher m = NAME.matcher(directory.getFileName().toString());
        return m.matches()
                ? Optional.of(new Snapshot(new LogPosition(Long.parseLong(m.group(1)), Long.parseLong(m.group(2))), directory))
                : Optional.empty();
    }
}
