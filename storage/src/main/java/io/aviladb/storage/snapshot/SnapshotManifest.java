package io.aviladb.storage.snapshot;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.storage.engine.StorageDamagedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The files of a checkpoint, by name, size and SHA-256. Lies in the checkpoint itself as {@value #FILE}. */
public record SnapshotManifest(List<Entry> files) {
    public static final String FILE = "AVILA-MANIFEST";
    private static final int FORMAT_VERSION = 1;

    /** One file, named without a directory. */
    public record Entry(String file, long size, String sha256) {
        public Entry {
            if (file.isEmpty() || file.contains("/") || file.contains("\\") || file.startsWith(".") || size < 0
                    || sha256.length() != 64) {
                throw new IllegalArgumentException("no file of a checkpoint: " + file);
            }
        }
    }

    public SnapshotManifest {
        files = files.stream().sorted(Comparator.comparing(Entry::file)).toList();
        Set<String> names = new HashSet<>();
        if (!files.stream().allMatch(entry -> names.add(entry.file()))) {
            throw new IllegalArgumentException("a file is named twice");
        }
    }

    /** Reads every file of the directory. The engine's own log is left out. */
    public static SnapshotManifest of(Path directory) throws IOException {
        return of(directory, file -> Optional.empty());
    }

    private static SnapshotManifest of(Path directory, KnownDigests known) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String name : names(directory)) {
            Path file = directory.resolve(name);
            Optional<Entry> same = known.of(file);
            entries.add(same.isPresent() ? same.get() : new Entry(name, Files.size(file), sha256(file)));
        }
        return new SnapshotManifest(entries);
    }

    /** What needs no reading. */
    private interface KnownDigests {
        Optional<Entry> of(Path file) throws IOException;
    }

    /** Tables and blobs that an earlier checkpoint links to too: the engine never changes one, or uses its name again. */
    private static KnownDigests linkedIn(Path earlier) throws IOException {
        Map<String, Entry> entries = read(earlier).files.stream().collect(Collectors.toMap(Entry::file, Function.identity()));
        return file -> {
            String name = file.getFileName().toString();
            Entry entry = name.endsWith(".sst") || name.endsWith(".blob") ? entries.get(name) : null;
            Path linked = earlier.resolve(name);
            return entry != null && Files.exists(linked) && Files.isSameFile(file, linked) && Files.size(file) == entry.size()
                    ? Optional.of(entry)
                    : Optional.empty();
        };
    }

    private static List<String> names(Path directory) throws IOException {
        try (var all = Files.list(directory)) {
            return all.map(file -> file.getFileName().toString()).filter(name -> !name.equals(FILE))
                    .filter(name -> !name.equals("LOG") && !name.startsWith("LOG.old") && !name.equals("LOCK")).sorted().toList();
        }
    }

    /** Makes the directory's manifest and writes it there. */
    public static SnapshotManifest write(Path directory) throws IOException {
        SnapshotManifest manifest = of(directory);
        Files.write(directory.resolve(FILE), manifest.encode());
        return manifest;
    }

    /**
     * The same, without reading again what the checkpoint shares with an earlier one, whose digests hold: a file that has rotted since then
     * is found by {@link #verify}.
     *
     * @param earlier a checkpoint of the same store, with its manifest
     */
    public static SnapshotManifest write(Path directory, Path earlier) throws IOException {
        SnapshotManifest manifest = of(directory, linkedIn(earlier));
        Files.write(directory.resolve(FILE), manifest.encode());
        return manifest;
    }

    /** @throws StorageDamagedException where the directory has none, or its bytes are none */
    public static SnapshotManifest read(Path directory) throws IOException {
        try {
            return decode(Files.readAllBytes(directory.resolve(FILE)));
        } catch (NoSuchFileException e) {
            throw new StorageDamagedException("no manifest in " + directory, e);
        } catch (MalformedBytesException e) {
            throw new StorageDamagedException("the manifest is damaged in " + directory, e);
        }
    }

    /**
     * Reads every file and compares it with the directory's manifest.
     *
     * @throws StorageDamagedException
     *             where a file is missing, too many, or different
     */
    public static SnapshotManifest verify(Path directory) throws IOException {
        SnapshotManifest manifest = read(directory);
        if (!names(directory).equals(manifest.files.stream().map(Entry::file).toList())) {
            throw new StorageDamagedException("files are missing or too many in " + directory + ": " + names(directory));
        }
        for (Entry entry : manifest.files) {
            Path file = directory.resolve(entry.file());
            if (Files.size(file) != entry.size() || !sha256(file).equals(entry.sha256())) {
                throw new StorageDamagedException(file + " is not what the manifest says");
            }
        }
        return manifest;
    }

    public long totalBytes() {
        return files.stream().mapToLong(Entry::size).sum();
    }

    /** Format version, entries, and a digest of both: 32 bytes. */
    public byte[] encode() {
        ByteWriter out = new ByteWriter(64 * files.size() + 64);
        out.writeVarInt(FORMAT_VERSION).writeVarInt(files.size());
        files.forEach(entry -> out.writeString(entry.file()).writeVarLong(entry.size()).writeString(entry.sha256()));
        return out.writeRaw(digest().digest(out.toByteArray())).toByteArray();
    }

    /** @throws MalformedBytesException where the bytes are no manifest, or one of a newer format */
    public static SnapshotManifest decode(byte[] bytes) {
        int end = Math.max(0, bytes.length - 32);
        if (!Arrays.equals(digest().digest(Arrays.copyOf(bytes, end)), Arrays.copyOfRange(bytes, end, bytes.length))) {
            throw new MalformedBytesException("the manifest's own digest differs");
        }
        ByteReader in = new ByteReader(bytes, 0, end);
        int format = in.readVarInt();
        if (format != FORMAT_VERSION) {
            throw new MalformedBytesException("a manifest of format " + format);
        }
        int count = in.readCount();
        try {
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                entries.add(new Entry(in.readString(), in.readVarLong(), in.readString()));
            }
            in.expectEnd();
            return new SnapshotManifest(entries);
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException("no manifest: " + e.getMessage());
        }
    }

    static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
