package io.aviladb.chaos.mutation;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;

/** Plants mutants and asks their tests. */
final class Mutants {
    private static final long LONGEST_MINUTES = 20;

    /** What became of a mutant. */
    enum Outcome {
        KILLED,
        SURVIVES,
        /** The code has moved on from what the mutant changes. */
        NOT_PLANTED,
        /** There is nothing to plant it in. */
        ABSENT
    }

    /** @param why which test found it and how, or whom it was asked, or why it wasn't planted */
    record Fate(Mutant mutant, Outcome outcome, String why) {
        /** A row of a table in Markdown. */
        String row() {
            String shown = outcome == Outcome.SURVIVES ? "**survives**" : outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            return "| " + mutant.number() + " | " + mutant.name() + " | " + shown + " | " + why + " |";
        }
    }

    private final Path repository;
    private final Path scratch;
    private final String classPath;

    /** @param scratch for classes and outputs */
    Mutants(Path repository, Path scratch) throws IOException {
        this.repository = repository;
        this.scratch = scratch;
        StringBuilder path = new StringBuilder(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        try (var modules = Files.list(repository)) { // tests of other modules, which this one doesn't depend on
            modules.map(module -> module.resolve("target/test-classes")).filter(Files::isDirectory).sorted()
                    .forEach(tests -> path.append(File.pathSeparatorChar).append(tests));
        }
        this.classPath = path.toString();
    }

    /** In the order of the list. */
    static List<Mutant> listed(Path repository) throws IOException {
        return Mutant.parse(Files.readAllLines(repository.resolve("chaos-tests/mutants/mutants.txt")));
    }

    Fate judge(Mutant mutant) throws IOException, InterruptedException {
        if (!mutant.absent().isEmpty()) {
            return new Fate(mutant, Outcome.ABSENT, mutant.absent());
        }
        Path overlay = scratch.resolve("mutant" + mutant.number());
        try {
            compile(mutant, overlay);
        } catch (IllegalStateException e) {
            return new Fate(mutant, Outcome.NOT_PLANTED, String.valueOf(e.getMessage()));
        }
        List<String> asked = new ArrayList<>();
        for (Mutant.Question question : mutant.questions()) {
            String answer = ask(question, overlay);
            if (!answer.isEmpty()) {
                return new Fate(mutant, Outcome.KILLED, "`" + question.simpleName() + "` " + answer);
            }
            asked.add("`" + question.simpleName() + "`");
        }
        return new Fate(mutant, Outcome.SURVIVES, "asked: " + String.join(", ", asked));
    }

    private void compile(Mutant mutant, Path overlay) throws IOException {
        Path source = overlay.resolve("source").resolve(Path.of(mutant.file()).getFileName());
        Files.createDirectories(source.getParent());
        Files.createDirectories(overlay.resolve("classes"));
        Files.writeString(source, mutant.plantedIn(Files.readString(repository.resolve(mutant.file()))));
        int code = ToolProvider.getSystemJavaCompiler().run(null, OutputStream.nullOutputStream(), System.err, "-proc:none", "-nowarn",
                "-parameters", "-XDaddTypeAnnotationsToSymbol=true", "-d", overlay.resolve("classes").toString(), "-cp", classPath,
                source.toString());
        if (code != 0) {
            throw new IllegalStateException("mutant " + mutant.number() + " doesn't compile");
        }
    }

    /** @return what the test found; empty where it found nothing */
    private String ask(Mutant.Question question, Path overlay) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(flag -> flag.startsWith("--")).forEach(command::add);
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Davila.shrink=false"));
        command.addAll(question.properties());
        command.addAll(List.of("-cp", overlay.resolve("classes") + File.pathSeparator + classPath, Questioning.class.getName(),
                question.test()));
        Path output = overlay.resolve(question.simpleName() + ".txt");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            return "didn't end";
        }
        return switch (process.exitValue()) {
            case Questioning.PASSED -> "";
            case Questioning.FAILED -> Files.readString(output, StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("FAILED "))
                    .reduce((first, last) -> last).map(Mutants::found).orElse("");
            default -> throw new IllegalStateException(question.test() + " ended with " + process.exitValue() + ": see " + output);
        };
    }

    private static String found(String line) {
        String text = line.substring("FAILED ".length()).replace('|', ':').replace("java.lang.AssertionError: ", "");
        return text.length() > 150 ? text.substring(0, 150) + "…" : text;
    }
}
