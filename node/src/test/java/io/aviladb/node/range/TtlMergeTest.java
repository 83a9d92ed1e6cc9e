package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.catalog.SchemaDefinition;
import io.aviladb.core.catalog.TtlDefinition;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.crdt.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an expiry does to siblings and conflicts, and that no schema judges it. */
class TtlMergeTest {
    private static final MergePolicyDefinition MANUAL = new MergePolicyDefinition(Rule.MANUAL, new TreeMap<>(), Deletes.LATER);
    private static final TtlDefinition TEN_SECONDS = new TtlDefinition(10, Optional.empty());

    @TempDir
    Path directory;

    private Regions regions;
    private RegionReplica a;
    private RegionReplica b;
    private CollectionDefinition collection = RegionReplica.COLLECTION;

    @BeforeEach
    void open() {
        regions = Regions.of(3, directory);
        a = regions.get(1);
        b = regions.get(2);
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private void declare(MergePolicyDefinition policy, SchemaDefinition schema, TtlDefinition ttl) {
        collection = collection.withPolicy(policy, schema, collection.catalogVersion() + 1).withTtl(ttl, collection.catalogVersion() + 1);
        for (RegionReplica region : regions.all) {
            region.apply(new GroupEntry.Alter(region.range, collection));
            region.owned().builds().next(Expiries.BUILD).ifPresent(
                    from -> region.apply(new GroupEntry.BuildIndex(region.range.range(), Expiries.BUILD, from, 1_000, 1 << 20)));
        }
    }

    private static SchemaDefinition schema(String json) {
        return Schemas.parse(JsonParser.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    private static void sweep(RegionReplica region) {
        new CollectorPlan(region.machine, region.self, 3_600_000, 3_600_000).next(region.millis).stream()
                .filter(GroupEntry.Expire.class::isInstance).forEach(region::apply);
    }

    private static boolean deleted(RegionReplica region) {
        return Objects.requireNonNull(region.head("k")).deleted();
    }

    private static ErrorCode refused(UnitAnswer answer) {
        return ((UnitAnswer.Refused) answer).code();
    }

    private void siblings() {
        a.commit(RegionReplica.put("k", "{\"x\":0}"));
        regions.settle();
        b.commit(RegionReplica.patch("k", "x", "1"));
        a.millis += 1_000;
        a.commit(RegionReplica.patch("k", "x", "2"));
        regions.settle();
        regions.all.forEach(region -> assertThat(Objects.requireNonNull(region.head("k")).live()).hasSize(2));
    }

    /** Nobody has resolved them in time: they go together, in every region, and the record of their conflict stays. */
    @Test
    void siblingsExpireTogetherAndTheirRecordStays() {
        declare(MANUAL, SchemaDefinition.NONE, TEN_SECONDS);
        siblings();
        int recorded = a.conflicts().size();
        assertThat(recorded).isEqualTo(1);
        assertThat(refused(a.write(RegionReplica.patch("k", "x", "3")))).isEqualTo(ErrorCode.DOCUMENT_IN_CONFLICT);
        regions.at(a.millis + 10_000);
        regions.settle();
        assertThat(refused(a.write(RegionReplica.patch("k", "x", "3")))).as("no conflict of a document that isn't there")
                .isEqualTo(ErrorCode.DOCUMENT_NOT_FOUND);
        sweep(a);
        regions.settle();
        for (RegionReplica region : regions.all) {
            assertThat(deleted(region)).as("region %s", region.self).isTrue();
            assertThat(Objects.requireNonNull(region.head("k")).live()).hasSize(1);
            assertThat(region.conflicts()).as("the conflict was one, and the expiry is none").hasSize(recorded);
        }
        a.commit(RegionReplica.insert("k", "{\"new\":1}"));
        regions.settle();
        regions.all.forEach(region -> assertThat(region.read("k")).hasValue("{\"new\":1}"));
    }

    /** Whoever resolves in time, in a region that is cut off, has written last: the sweep of the other waits for it. */
    @Test
    void aResolutionElsewhereIsNotSweptAway() {
        declare(MANUAL, SchemaDefinition.NONE, TEN_SECONDS);
        siblings();
        b.millis = a.millis + 9_000;
        b.commit(RegionReplica.resolve("k", Objects.requireNonNull(b.head("k")).vector(), "{\"x\":12}"));
        a.millis += 12_000;
        a.tick();
        sweep(a);
        assertThat(deleted(a)).as("b hasn't said that it wrote nothing").isFalse();
        regions.settle();
        sweep(a);
        regions.settle();
        for (RegionReplica region : regions.all) {
            assertThat(region.read("k")).as("region %s", region.self).hasValue("{\"x\":12}");
            assertThat(Objects.requireNonNull(region.head("k")).live()).hasSize(1);
        }
    }

    /** An expiry that meets an insert that it hasn't seen: one version shows, nobody has to resolve anything, and writes go on. */
    @Test
    void anExpiryIsNoSibling() {
        declare(MANUAL, SchemaDefinition.NONE, TEN_SECONDS);
        a.commit(RegionReplica.put("k", "{\"x\":0}"));
        regions.settle();
        regions.at(a.millis + 11_000);
        regions.settle();
        b.commit(RegionReplica.insert("k", "{\"new\":1}"));
        a.millis += 5;
        sweep(a);
        assertThat(deleted(a)).isTrue();
        regions.settle();
        for (RegionReplica region : regions.all) {
            assertThat(region.read("k")).as("region %s", region.self).hasValue("{\"new\":1}");
            assertThat(region.conflicts()).isEmpty();
        }
        a.commit(RegionReplica.patch("k", "x", "5"));
        regions.settle();
        regions.all.forEach(region -> assertThat(region.read("k")).hasValue("{\"new\":1,\"x\":5}"));
    }

    /** A document that breaks a schema that came later, and one whose delete would: a schema is for those who write. */
    @Test
    void noSchemaJudgesAnExpiry() {
        declare(MergePolicyDefinition.DEFAULT, SchemaDefinition.NONE, TEN_SECONDS);
        a.commit(RegionReplica.put("k", "{\"x\":\"text\"}"));
        declare(MergePolicyDefinition.DEFAULT, schema("{'required':['y'],'properties':{'x':{'type':'integer'}}}"), TEN_SECONDS);
        assertThat(refused(a.write(RegionReplica.patch("k", "z", "1")))).isEqualTo(ErrorCode.SCHEMA_VIOLATION);
        regions.at(a.millis + 10_000);
        regions.settle();
        assertThat(refused(a.write(RegionReplica.patch("k", "z", "1")))).as("not there is what counts")
                .isEqualTo(ErrorCode.DOCUMENT_NOT_FOUND);
        assertThat(refused(a.write(RegionReplica.insert("k", "{\"x\":1}")))).as("an insert is judged")
                .isEqualTo(ErrorCode.SCHEMA_VIOLATION);
        sweep(a);
        regions.settle();
        regions.all.forEach(region -> assertThat(deleted(region)).as("region %s", region.self).isTrue());
    }

    /** Level moderate lets a broken document be changed while it is broken; an expired one is no excuse for the next under its id. */
    @Test
    void whatHasExpiredExcusesNoBrokenSuccessor() {
        declare(MergePolicyDefinition.DEFAULT, SchemaDefinition.NONE, TEN_SECONDS);
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        declare(MergePolicyDefinition.DEFAULT, schema("{'jsonSchema':{'required':['y']},'level':'moderate'}"), TEN_SECONDS);
        a.commit(RegionReplica.put("k", "{\"x\":2}"));
        a.millis += 10_000;
        assertThat(refused(a.write(RegionReplica.put("k", "{\"x\":3}")))).isEqualTo(ErrorCode.SCHEMA_VIOLATION);
        a.commit(RegionReplica.put("k", "{\"y\":3}"));
    }

    /** The insert breaks a schema that its region hadn't heard of, and meets an expiry that names it: no conflict, and the insert shows. */
    @Test
    void anExpiryUnderANewerSchemaMakesNoConflict() {
        declare(MergePolicyDefinition.DEFAULT, SchemaDefinition.NONE, TEN_SECONDS);
        a.commit(RegionReplica.put("k", "{\"x\":0}"));
        regions.settle();
        regions.at(a.millis + 11_000);
        regions.settle();
        b.commit(RegionReplica.insert("k", "{\"new\":1}"));
        declare(MergePolicyDefinition.DEFAULT, schema("{'required':['y']}"), TEN_SECONDS);
        a.millis += 5;
        sweep(a);
        assertThat(deleted(a)).isTrue();
        regions.settle();
        for (RegionReplica region : regions.all) {
            assertThat(region.read("k")).as("region %s", region.self).hasValue("{\"new\":1}");
            assertThat(region.conflicts()).isEmpty();
        }
    }

    /** Made longer while a document is over and still there: it comes back, alike everywhere; one that was taken away doesn't. */
    @Test
    void aLongerLifeBringsBackOnlyWhatIsStillThere() {
        declare(MergePolicyDefinition.DEFAULT, SchemaDefinition.NONE, TEN_SECONDS);
        a.commit(RegionReplica.put("k", "{\"x\":0}"));
        a.commit(RegionReplica.put("taken", "{}"));
        regions.settle();
        regions.at(a.millis + 11_000);
        regions.settle();
        a.apply(new GroupEntry.Expire(List.of(RegionReplica.key("taken"))));
        declare(MergePolicyDefinition.DEFAULT, SchemaDefinition.NONE, TtlDefinition.NONE);
        regions.settle();
        for (RegionReplica region : regions.all) {
            assertThat(Expiries.isOver(region.head("k"), region.machine.lastStamp())).as("region %s", region.self).isFalse();
            assertThat(Objects.requireNonNull(region.head("taken")).deleted()).isTrue();
        }
    }
}
