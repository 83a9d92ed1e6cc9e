package io.aviladb.crdt.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.document.JsonParser;
import io.aviladb.crdt.policy.MergePolicies;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Merges that were made once and are made again: regions whose software differs show the same bytes only as long as these stay. Each case of
 * {@code merges.txt}: the policy, the live versions as they are stored, what they read as, and what forgetting leaves of them. A merge that is
 * to give other bytes needs a new policy word, or a format of its own. {@code -Davila.golden=write} adds cases of policies that have none.
 */
class GoldenMergesTest {
    private static final String FILE = "/merges.txt";
    private static final HexFormat HEX = HexFormat.of();

    /** Each rule with each way of deleting, and with each type; not those whose meaning lies elsewhere, in an expression or with whoever resolves. */
    private static List<PolicyHistory> policies() {
        List<PolicyHistory> all = new ArrayList<>();
        for (Rule rule : List.of(Rule.LWW, Rule.LWW_DOCUMENT)) {
            for (Deletes deletes : Deletes.values()) {
                all.add(PolicyHistory.of(Policies.of(rule, deletes)));
            }
            for (FieldType type : FieldType.values()) {
                all.add(PolicyHistory.of(Policies.typed(rule, Deletes.LATER, type)));
            }
        }
        return all;
    }

    private static String name(PolicyHistory policies) {
        return MergePolicies.toJson(policies.current()).toJson();
    }

    private record Case(String policy, List<String> versions, String read, List<String> forgotten) {
        static Case of(String policy, PolicyHistory policies, List<LiveVersion> versions) {
            LiveVersions live = LiveVersions.of(versions);
            LiveVersions collapsed = live.collapse(policies);
            return new Case(policy, hex(versions), MergeLaws.bytes(live, policies), hex(collapsed.versions()));
        }

        private static List<String> hex(List<LiveVersion> versions) {
            return versions.stream().map(version -> HEX.formatHex(version.encode())).toList();
        }

        List<LiveVersion> decoded() {
            return versions.stream().map(hex -> LiveVersion.decode(HEX.parseHex(hex))).toList();
        }

        String line() {
            return String.join("\t", policy, String.join(" ", versions), read, String.join(" ", forgotten));
        }

        static Case parse(String line) {
            String[] parts = line.split("\t", -1);
            return new Case(parts[0], List.of(parts[1].split(" ")), parts[2],
                    parts[3].isEmpty() ? List.of() : List.of(parts[3].split(" ")));
        }
    }

    private static List<Case> stored() throws IOException {
        try (InputStream in = Objects.requireNonNull(GoldenMergesTest.class.getResourceAsStream(FILE), FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(Case::parse).toList();
        }
    }

    @Test
    void everyMergeGivesTheBytesThatItGave() throws IOException {
        List<Case> stored = stored();
        assertThat(stored).hasSizeGreaterThan(50);
        for (Case each : stored) {
            PolicyHistory by = PolicyHistory.of(MergePolicies.parse(JsonParser.parse(each.policy().getBytes(StandardCharsets.UTF_8))));
            assertThat(Case.of(each.policy(), by, each.decoded())).as(each.line()).isEqualTo(each);
            assertThat(Case.of(each.policy(), by, each.decoded().reversed()).read()).as("whatever came first").isEqualTo(each.read());
        }
    }

    /** For a new policy: its cases are added, none that stands there is touched. */
    @Test
    @EnabledIfSystemProperty(named = "avila.golden", matches = "write")
    void policiesWithoutMergesGetSome() throws IOException {
        Path file = Path.of(System.getProperty("basedir", "."), "src/test/resources" + FILE);
        List<String> lines = new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
        Set<String> there = lines.stream().map(line -> line.substring(0, line.indexOf('\t'))).collect(Collectors.toSet());
        for (PolicyHistory policies : policies()) {
            if (!there.contains(name(policies))) {
                reached(policies).forEach(versions -> lines.add(Case.of(name(policies), policies, versions).line()));
            }
        }
        Files.write(file, lines);
    }

    /** Conflicts that random executions come to, with some of it forgotten on the way. */
    private static Set<List<LiveVersion>> reached(PolicyHistory policies) {
        Set<List<LiveVersion>> reached = new LinkedHashSet<>();
        for (long seed = 1; reached.size() < 5; seed++) {
            Execution execution = new Execution(seed, true, policies);
            for (int i = 0; i < 30; i++) {
                execution.step();
            }
            execution.replicas.stream().map(replica -> replica.live.versions()).filter(versions -> versions.size() > 1).findFirst()
                    .ifPresent(reached::add);
        }
        return reached;
    }

    @Test
    void everyPolicyHasMerges() throws IOException {
        Set<String> there = stored().stream().map(Case::policy).collect(Collectors.toSet());
        assertThat(there).containsAll(policies().stream().map(GoldenMergesTest::name).toList());
    }
}
