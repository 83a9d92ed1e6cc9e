package io.aviladb.chaos.specification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** {@code docs/scenarios.md} names every scenario, and only tests that exist. */
class ScenariosTest {
    private static final int SCENARIOS = 56;
    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)` \\(([a-z-]+)\\)");

    private record Named(String type, String method, String module) {}

    @Test
    void everyScenarioHasItsRow() throws IOException {
        assertThat(table().stream().map(row -> row.replaceAll("^\\| (S\\d+) \\|.*", "$1")))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, SCENARIOS).mapToObj(n -> "S" + n).toList());
        assertThat(table()).allMatch(row -> row.endsWith(" – |") || TEST.matcher(row).find(), "names a test, or says that there is none");
    }

    @TestFactory
    Stream<DynamicTest> everyTestExists() throws IOException {
        return table().stream().flatMap(row -> TEST.matcher(row).results())
                .map(found -> new Named(found.group(1), found.group(2), found.group(3))).distinct()
                .map(named -> DynamicTest.dynamicTest(named.toString(), () -> assertThat(source(named))
                        .containsPattern("void " + Matcher.quoteReplacement(named.method) + "\\(")));
    }

    private static String source(Named named) throws IOException {
        try (Stream<Path> files = Files.walk(root().resolve(named.module).resolve("src/test/java"))) {
            Path file = files.filter(path -> path.endsWith(named.type + ".java")).findFirst()
                    .orElseThrow(() -> new AssertionError("no test class " + named.type + " in " + named.module));
            return Files.readString(file);
        }
    }

    private static List<String> table() throws IOException {
        return Files.readAllLines(root().resolve("docs/scenarios.md")).stream().filter(line -> line.startsWith("| S")).toList();
    }

    private static Path root() {
        Path module = Path.of("").toAbsolutePath();
        return Files.exists(module.resolve("docs/scenarios.md")) ? module : Objects.requireNonNull(module.getParent());
    }
}
