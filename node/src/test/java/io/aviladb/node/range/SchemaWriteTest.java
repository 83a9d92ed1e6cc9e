package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.SchemaDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.crdt.schema.SchemaViolation;
import io.aviladb.crdt.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collection's schema in apply: whatever a write is made of, what it makes of its document is what counts. */
class SchemaWriteTest {
    private static final String PERSON = "{'type':'object','required':['age'],'properties':{'age':{'type':'integer','minimum':0},"
            + "'n':{'maximum':3}}}";

    @TempDir
    Path directory;

    private Regions regions;
    private RegionReplica region;
    private CollectionDefinition collection = RegionReplica.COLLECTION;

    @BeforeEach
    void open() {
        regions = Regions.of(1, directory);
        region = regions.get(1);
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private void demand(String schema) {
        SchemaDefinition definition = Schemas.parse(JsonParser.parse(schema.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
        collection = collection.withPolicy(collection.mergePolicy(), definition, collection.catalogVersion() + 1);
        region.apply(new GroupEntry.Alter(region.range, collection));
    }

    private static UnitAnswer.Refused refused(UnitAnswer answer) {
        UnitAnswer.Refused refused = (UnitAnswer.Refused) answer;
        assertThat(refused.code()).isEqualTo(ErrorCode.SCHEMA_VIOLATION);
        return refused;
    }

    @Test
    void putsThatBreakItAreRefusedWithTheirPlaces() {
        demand(PERSON);
        UnitAnswer answer = region.write(RegionReplica.put("d", "{\"age\":-1}"));
        assertThat(SchemaViolation.ofDetail(refused(answer).detail()))
                .containsExactly(new SchemaViolation("/age", "minimum", "is -1, must be at least 0"));
        assertThat(region.read("d")).isEmpty();
        region.commit(RegionReplica.put("d", "{\"age\":1}"));
    }

    @Test
    void patchesAreCheckedOnTheirResult() {
        demand(PERSON);
        region.commit(RegionReplica.put("d", "{\"age\":1,\"n\":2}"));
        refused(region.write(RegionReplica.patch("d", "age", "\"old\"")));
        refused(region.write(RegionReplica.patch("d", new PatchOperation(PatchOperation.Kind.UNSET, FieldPath.of("age"), null, null))));
        region.commit(RegionReplica.increment("d", 1));
        refused(region.write(RegionReplica.increment("d", 1)));
        VersionVector base = java.util.Objects.requireNonNull(region.head("d")).vector();
        refused(region.write(RegionReplica.replace("d", base, "{\"n\":1}")));
        assertThat(region.read("d")).contains("{\"age\":1,\"n\":3}");
        region.commit(RegionReplica.delete("d"));
    }

    @Test
    void aBatchIsRefusedAsAWhole() {
        demand(PERSON);
        UnitAnswer answer = region.write(RegionReplica.put("a", "{\"age\":1}"), RegionReplica.put("b", "{}"));
        assertThat(refused(answer).write()).isEqualTo(1);
        assertThat(region.read("a")).isEmpty();
    }

    /** A retry gets the refusal again, whatever the schema is by then. */
    @Test
    void aRefusalIsTheOperationsAnswer() {
        demand(PERSON);
        var operation = Regions.operation(1, region, "unit 1");
        UnitAnswer first = region.write(operation, VersionVector.EMPTY, RegionReplica.put("d", "{}"));
        demand("null");
        assertThat(region.write(operation, VersionVector.EMPTY, RegionReplica.put("d", "{}")).toByteArray())
                .isEqualTo(refused(first).toByteArray());
        region.commit(RegionReplica.put("d", "{}"));
    }

    @Test
    void moderateLetsDocumentsStayBroken() {
        region.commit(RegionReplica.put("old", "{\"age\":\"?\"}"));
        region.commit(RegionReplica.put("good", "{\"age\":1}"));
        demand(PERSON);
        refused(region.write(RegionReplica.patch("old", "name", "\"x\"")));
        demand("{'jsonSchema':" + PERSON + ",'level':'moderate'}");
        region.commit(RegionReplica.patch("old", "name", "\"x\""));
        refused(region.write(RegionReplica.patch("good", "age", "-1")));
        refused(region.write(RegionReplica.insert("new", "{}")));
        region.commit(RegionReplica.patch("old", "age", "7"));
        refused(region.write(RegionReplica.patch("old", "age", "-7")));
    }

    @Test
    void warnAndOffLetAllIn() {
        for (String mode : List.of("'action':'warn'", "'level':'off'")) {
            demand("{'jsonSchema':" + PERSON + "," + mode + "}");
            region.commit(RegionReplica.put("d", "{\"age\":-1}"));
        }
    }

    @Test
    void holdsAfterASplitAndARestart() {
        demand(PERSON);
        region.split(RegionReplica.key("m"), 77);
        region.restart();
        refused(region.write(RegionReplica.put("a", "{}")));
        refused(region.write(RegionReplica.put("z", "{}")));
        assertThat(region.machine.ranges().values()).allMatch(range -> range.collection().schema().equals(collection.schema()));
        assertThat(region.machine.ranges().keySet()).containsExactlyInAnyOrder(10L, 77L);
    }
}
