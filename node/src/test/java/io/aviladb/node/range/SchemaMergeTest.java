package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.document.JsonParser;
import io.aviladb.crdt.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two valid writes whose merge breaks the schema: the older stays, in both regions, and a conflict is open until somebody has seen both. */
class SchemaMergeTest {
    @TempDir
    Path directory;

    private Regions regions;
    private RegionReplica a;
    private RegionReplica b;

    @BeforeEach
    void open() {
        regions = Regions.of(2, directory);
        a = regions.get(1);
        b = regions.get(2);
        String schema = "{\"not\":{\"required\":[\"cash\",\"card\"]}}";
        CollectionDefinition altered = RegionReplica.COLLECTION.withPolicy(RegionReplica.COLLECTION.mergePolicy(),
                Schemas.parse(JsonParser.parse(schema.getBytes(StandardCharsets.UTF_8))), 2);
        regions.all.forEach(region -> region.apply(new GroupEntry.Alter(region.range, altered)));
        a.commit(RegionReplica.put("order", "{\"total\":7}"));
        regions.settle();
        a.millis += 10;
        a.commit(RegionReplica.patch("order", "cash", "7"));
        b.millis += 20;
        b.commit(RegionReplica.patch("order", "card", "\"4242\""));
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private void allShow(String json) {
        regions.settle();
        for (RegionReplica region : regions.all) {
            assertThat(region.read("order")).as("region %s", region.self).hasValue(json);
        }
    }

    @Test
    void theOlderOneStaysAndAConflictIsRecordedInBothRegions() {
        allShow("{\"total\":7,\"cash\":7}");
        assertThat(a.conflicts()).hasSize(1);
        assertThat(b.conflicts().keySet()).isEqualTo(a.conflicts().keySet());
        regions.all.forEach(RegionReplica::restart);
        allShow("{\"total\":7,\"cash\":7}");
    }

    @Test
    void bothVersionsStayUntilAWriteHasSeenThem() {
        regions.settle();
        CollectorPlan plan = new CollectorPlan(b.machine, b.self, 0, 3_600_000);
        for (int pass = 0; pass < 5; pass++) {
            regions.all.forEach(region -> region.millis += 2_000);
            regions.settle();
            plan.next(b.millis).forEach(b::apply);
        }
        assertThat(java.util.Objects.requireNonNull(b.head("order")).live()).hasSize(2);
        b.commit(RegionReplica.patch("order", "note", "\"seen\""));
        allShow("{\"total\":7,\"cash\":7,\"note\":\"seen\"}");
        assertThat(java.util.Objects.requireNonNull(a.head("order")).live()).hasSize(1);
    }

    /** The set that can't be forgotten holds nobody else's up. */
    @Test
    void theCollectorGoesOnBehindThem() {
        regions.settle();
        b.commit(RegionReplica.put("gone", "{}"));
        b.commit(RegionReplica.delete("gone"));
        CollectorPlan plan = new CollectorPlan(b.machine, b.self, 0, 3_600_000);
        for (int pass = 0; pass < 5; pass++) {
            regions.all.forEach(region -> region.millis += 2_000);
            regions.settle();
            plan.next(b.millis).forEach(b::apply);
        }
        assertThat(b.head("gone")).isNull();
        assertThat(b.head("order")).isNotNull();
    }
}
