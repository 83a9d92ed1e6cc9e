package io.aviladb.node.consensus.ratis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The file {@link #NAME} in a snapshot: a line per file, {@code sha256 size path}. What isn't listed, or differs, isn't believed. */
final class SnapshotListing {
    static final String NAME = "snapshot.manifest";

    private SnapshotListing() {
    }

    static void write(Path directory) throws IOException {
        Files.write(directory.resolve(NAME), lines(directory), StandardCharsets.UTF_8);
    }

    /** @throws IOException where a file is missing, added or changed */
    static void check(Path directory) throws IOException {
        if (!Files.readAllLines(directory.resolve(NAME), StandardCharsets.UTF_8).equals(lines(directory))) {
            throw new IOException("the files of the snapshot " + directory + " aren't those of its manifest");
        }
    }

    private static List<String> lines(Path directory) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : DiskFiles.files(directory)) {
            String path = directory.relativize(file).toString();
            if (!path.equals(NAME)) {
                lines.add(sha256(file) + " " + Files.size(file) + " " + path);
            }
        }
        return lines;
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
