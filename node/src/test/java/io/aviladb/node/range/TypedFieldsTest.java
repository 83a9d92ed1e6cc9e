package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.PatchOperation.Kind;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.policy.MergePolicies;
import io.aviladb.storage.head.Head;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Typed fields of two regions: declared on a live collection, written at both ends, pulled, read after a restart and after forgetting. */
class TypedFieldsTest {
    @TempDir
    Path directory;

    private Regions regions;
    private RegionReplica a;
    private RegionReplica b;
    private long version = 1;

    @BeforeEach
    void open() {
        regions = Regions.of(2, directory);
        a = regions.get(1);
        b = regions.get(2);
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private void declare(String policy) {
        CollectionDefinition altered = RegionReplica.COLLECTION.withPolicy(MergePolicies.parse(JsonParser.parse(bytes(policy))), ++version);
        regions.all.forEach(region -> region.apply(new GroupEntry.Alter(region.range, altered)));
    }

    private static DocumentWrite patch(Kind kind, String path, String value) {
        return RegionReplica.patch("k", new PatchOperation(kind, FieldPath.parse(path), null, JsonParser.parse(bytes(value))));
    }

    private void allShow(String json) {
        regions.settle();
        for (RegionReplica region : regions.all) {
            assertThat(region.read("k")).as("region %s", region.self).hasValue(json.replace('\'', '"'));
            region.restart();
            assertThat(region.read("k")).as("region %s, restarted", region.self).hasValue(json.replace('\'', '"'));
        }
    }

    private static void collect(RegionReplica region) {
        CollectorPlan plan = new CollectorPlan(region.machine, region.self, 0, 3_600_000);
        for (int pass = 0; pass < 3; pass++) {
            plan.next(region.millis).forEach(region::apply);
        }
    }

    @Test
    void extremesAndFlagsMergeInBothRegionsAlike() {
        a.commit(RegionReplica.put("k", "{\"best\":1,\"banned\":false}"));
        regions.settle();
        declare("{'fields':{'/best':'max','/banned':'enable-wins-flag'}}");
        a.commit(patch(Kind.MAX, "/best", "7"));
        a.commit(patch(Kind.SET, "/banned", "true"));
        b.millis += 1_000;
        b.commit(patch(Kind.MAX, "/best", "5"));
        b.commit(patch(Kind.SET, "/banned", "false"));
        allShow("{'best':7,'banned':true}");
        regions.settle();
        regions.all.forEach(TypedFieldsTest::collect);
        allShow("{'best':7,'banned':true}");
        b.commit(patch(Kind.SET, "/banned", "false"));
        allShow("{'best':7,'banned':false}");
    }

    @Test
    void setsKeepWhatBothRegionsAddedAndRemovalsThatWin() {
        a.commit(RegionReplica.put("k", "{\"tags\":[\"x\"],\"blocked\":[\"x\"]}"));
        declare("{'fields':{'/tags':'add-wins-set','/blocked':'remove-wins-set'}}");
        regions.settle();
        a.commit(patch(Kind.REMOVE, "/tags", "'x'"));
        a.commit(patch(Kind.REMOVE, "/blocked", "'x'"));
        b.millis += 1_000;
        for (String path : new String[]{"/tags", "/blocked"}) {
            b.commit(patch(Kind.ADD_TO_SET, path, "'x'"));
            b.commit(patch(Kind.ADD_TO_SET, path, "'y'"));
        }
        allShow("{'tags':['x','y'],'blocked':['y']}");
        regions.settle();
        regions.all.forEach(TypedFieldsTest::collect);
        allShow("{'tags':['x','y'],'blocked':['y']}");
    }

    @Test
    void aRegisterShowsWhatBothRegionsWroteUntilSomebodyHasSeenIt() {
        a.commit(RegionReplica.put("k", "{\"title\":\"draft\"}"));
        declare("{'fields':{'/title':'register'}}");
        regions.settle();
        a.commit(patch(Kind.SET, "/title", "'final'"));
        b.millis += 1_000;
        b.commit(patch(Kind.SET, "/title", "{'by':'Eva'}"));
        allShow("{'title':['final',{'by':'Eva'}]}");
        regions.settle();
        regions.all.forEach(TypedFieldsTest::collect);
        allShow("{'title':['final',{'by':'Eva'}]}");
        b.commit(patch(Kind.SET, "/title", "'both'"));
        allShow("{'title':'both'}");
    }

    private LiveVersion only(RegionReplica region) {
        Head head = Objects.requireNonNull(region.head("k"));
        assertThat(head.live()).hasSize(1);
        return LiveVersion.decode(Objects.requireNonNull(region.store().version(RegionReplica.key("k"), head.newest())));
    }

    /** Nobody else ever writes it: there is no conflict that would have to be forgotten. */
    @Test
    void whatOneRegionAloneAddsAndRemovesLeavesNothingBesideTheBody() {
        declare("{'fields':{'/tags':'add-wins-set','/blocked':'remove-wins-set'}}");
        a.commit(RegionReplica.put("k", "{\"tags\":[],\"blocked\":[],\"x\":1}"));
        for (int i = 0; i < 40; i++) {
            a.commit(patch(Kind.ADD_TO_SET, "/tags", "'t" + i + "'"));
            a.commit(patch(Kind.ADD_TO_SET, "/blocked", "'b" + i + "'"));
            a.commit(patch(Kind.REMOVE, "/blocked", "'b" + i + "'"));
        }
        a.commit(RegionReplica.patch("k", new PatchOperation(Kind.UNSET, FieldPath.of("x"), null, null)));
        regions.settle();
        assertThat(only(a).encode().length).as("dots and removals are kept").isGreaterThan(only(a).sizeBytes() + 40 * 9);
        String read = a.read("k").orElseThrow();
        regions.settle();
        regions.all.forEach(TypedFieldsTest::collect);
        for (RegionReplica region : regions.all) {
            assertThat(region.read("k")).hasValue(read);
            assertThat(only(region).encode()).as("region %s", region.self).hasSizeLessThan(only(region).sizeBytes() + 20);
            assertThat(new CollectorPlan(region.machine, region.self, 0, 3_600_000).next(region.millis)).as("nothing is left to do")
                    .noneMatch(GroupEntry.Forget.class::isInstance);
        }
        b.commit(patch(Kind.REMOVE, "/tags", "'t0'"));
        a.commit(patch(Kind.ADD_TO_SET, "/blocked", "'b0'"));
        allShow(read.replace('"', '\'').replace("'t0',", "").replace("'blocked':[]", "'blocked':['b0']"));
    }

    @Test
    void aFieldThatOneRegionRemovedIsMissingAndTheDocumentGoesOn() {
        declare("{'fields':{'/best':'max'}}");
        a.commit(RegionReplica.put("k", "{\"n\":0}"));
        regions.settle();
        a.commit(patch(Kind.SET, "/best", "1"));
        b.commit(patch(Kind.SET, "/n", "2"));
        allShow("{'n':2,'best':1}");
        a.commit(RegionReplica.patch("k", new PatchOperation(Kind.UNSET, FieldPath.of("best"), null, null)));
        b.commit(patch(Kind.SET, "/n", "3"));
        allShow("{'n':3}");
        a.commit(patch(Kind.SET, "/n", "4"));
        b.commit(patch(Kind.SET, "/m", "5"));
        allShow("{'n':4,'m':5}");
    }

    @Test
    void aValueThatDoesNotFitIsRefusedAndNothingChanges() {
        declare("{'fields':{'/best':'max'}}");
        a.commit(RegionReplica.put("k", "{\"best\":1}"));
        UnitAnswer refused = a.write(patch(Kind.SET, "/best", "'high'"));
        assertThat(refused).isInstanceOfSatisfying(UnitAnswer.Refused.class,
                answer -> assertThat(answer.code()).isEqualTo(ErrorCode.FIELD_TYPE_MISMATCH));
        assertThat(a.write(RegionReplica.put("k", "{\"best\":true}"))).isInstanceOf(UnitAnswer.Refused.class);
        allShow("{'best':1}");
    }
}
