package io.aviladb.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as it was assembled. */
class DistributionIT {
    private static final Path DISTRIBUTION = Path.of("target", "aviladb").toAbsolutePath();

    private static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(DISTRIBUTION.resolve("lib"))) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    private static Path cli() throws IOException {
        return jars().stream().filter(jar -> jar.getFileName().toString().startsWith("aviladb-cli-")).findFirst().orElseThrow();
    }

    @Test
    void classPathOfTheManifestAndTheFolderNameTheSameJars() throws IOException {
        try (JarFile jar = new JarFile(cli().toFile())) {
            String classPath = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            TreeSet<String> named = new TreeSet<>(Arrays.asList(classPath.split(" ")));
            TreeSet<String> there = new TreeSet<>(jars().stream().map(file -> file.getFileName().toString()).toList());
            there.remove(cli().getFileName().toString());
            assertThat(there).isEqualTo(named).hasSizeGreaterThan(50);
        }
    }

    @Test
    void nothingOfTheTestsIsInIt() throws IOException {
        assertThat(jars()).extracting(jar -> jar.getFileName().toString())
                .noneMatch(name -> name.contains("junit") || name.contains("assertj") || name.endsWith("-tests.jar"));
    }

    @Test
    void launcherRunsFromAFolderWithSpacesThroughALinkWithAnEmptyEnvironment(@TempDir Path folder) throws Exception {
        Path unpacked = Files.createDirectories(folder.resolve("a folder with spaces")).resolve("aviladb");
        copy(DISTRIBUTION, unpacked);
        Path link = Files.createSymbolicLink(folder.resolve("run it"), unpacked.resolve("bin").resolve("aviladb"));
        ProcessBuilder builder = new ProcessBuilder(link.toString(), "--version").directory(folder.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("AVILADB_JAVA_HOME", System.getProperty("java.home"));
        builder.redirectError(folder.resolve("stderr").toFile());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(folder.resolve("stderr"))).isZero();
        assertThat(out).startsWith("AvilaDB ").contains("data format 1").doesNotContain("development");
        assertThat(folder.resolve("stderr")).isEmptyFile();
        Files.delete(unpacked.resolve("lib")); // or JUnit warns of a link that leads out of its folder
    }

    /** The jars by one link: there are hundreds of megabytes of them, and the class path follows the place of the jar that is started. */
    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.resolve("bin"));
        Files.copy(from.resolve("bin").resolve("aviladb"), to.resolve("bin").resolve("aviladb"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(to.resolve("lib"), from.resolve("lib"));
    }
}
