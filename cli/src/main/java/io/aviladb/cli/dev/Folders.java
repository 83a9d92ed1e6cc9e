package io.aviladb.cli.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Removes folders. */
final class Folders {
    private Folders() {
    }

    /** Removes what is there; a file that appears meanwhile, or can't be removed, stays. */
    static void remove(Path folder) {
        for (int attempt = 0; attempt < 3 && Files.exists(folder); attempt++) {
            List<Path> all;
            try (Stream<Path> walk = Files.walk(folder)) {
                all = walk.sorted(Comparator.reverseOrder()).toList();
            } catch (IOException | java.io.UncheckedIOException changing) {
                continue;
            }
            for (Path path : all) {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException stays) {
                    continue;
                }
            }
        }
    }
}
