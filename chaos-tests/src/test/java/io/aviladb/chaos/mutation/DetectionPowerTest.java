package io.aviladb.chaos.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Davila.mutants=all}, or some numbers with commas between, plants faults and requires that tests find them. */
class DetectionPowerTest {
    private static final Path REPOSITORY = Path.of("").toAbsolutePath().resolve("..").normalize();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path scratch;

    @Test
    @EnabledIfSystemProperty(named = "avila.mutants", matches = ".+")
    void everyMutantIsFound() throws IOException, InterruptedException {
        List<String> wanted = Arrays.asList(System.getProperty("avila.mutants", "").split(",", -1));
        Mutants mutants = new Mutants(REPOSITORY, scratch);
        List<Mutants.Fate> fates = new ArrayList<>();
        for (Mutant mutant : Mutants.listed(REPOSITORY)) {
            if (wanted.contains("all") || wanted.contains(Integer.toString(mutant.number()))) {
                Mutants.Fate fate = mutants.judge(mutant);
                System.out.println(fate.row());
                fates.add(fate);
            }
        }
        long killed = fates.stream().filter(fate -> fate.outcome() == Mutants.Outcome.KILLED).count();
        long planted = fates.stream().filter(fate -> fate.outcome() != Mutants.Outcome.ABSENT).count();
        System.out.println("killed " + killed + " of " + planted + " that were planted, of " + fates.size() + " in the list");
        assertThat(fates).filteredOn(fate -> fate.outcome() != Mutants.Outcome.ABSENT)
                .allMatch(fate -> fate.outcome() == Mutants.Outcome.KILLED);
    }

    @Test
    void theListIsWellFormedAndHasTheFortyOfThePlan() throws IOException {
        assertThat(Mutants.listed(REPOSITORY)).extracting(Mutant::number).doesNotHaveDuplicates().isSorted()
                .contains(java.util.stream.IntStream.rangeClosed(1, 40).boxed().toArray(Integer[]::new));
    }

    @Test
    void aMutantIsPlantedWhereItsTextStandsOnce() {
        Mutant mutant = Mutant.parse(List.of("== 7 a name", "in a/B.java", "- x < y", "+ x <= y", "by core a.BTest -Dp=1")).getFirst();
        assertThat(mutant.plantedIn("if (x < y) {}")).isEqualTo("if (x <= y) {}");
        assertThat(mutant.questions()).containsExactly(new Mutant.Question("core", "a.BTest", List.of("-Dp=1")));
        assertThatThrownBy(() -> mutant.plantedIn("x < y; x < y")).hasMessageContaining("more than once");
        assertThatThrownBy(() -> mutant.plantedIn("y < x")).hasMessageContaining("not at all");
        assertThatThrownBy(() -> Mutant.parse(List.of("== 8 nothing"))).hasMessageContaining("says neither");
    }
}
