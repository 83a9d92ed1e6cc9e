package io.aviladb.crdt.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.document.FieldPath;
import io.aviladb.crdt.conflict.Conflict;
import io.aviladb.crdt.conflict.FieldOutcome;
import io.aviladb.core.write.PatchOperation.Kind;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A collection whose field {@code v} takes the greatest of concurrent values. */
class CustomMergeTest {
    private static final PolicyHistory GREATEST = PolicyHistory.of(Policies.custom("greatest", Deletes.LATER, "v"));

    private final Replica a = new Replica(1, GREATEST);
    private final Replica b = new Replica(2, GREATEST);

    @BeforeEach
    void bothHaveTheDocument() {
        b.pull(a.put(10, "{'v':1,'w':1}"));
    }

    @Test
    void theMergeDecidesItsFieldsAndTheNewestWriteTheOthers() {
        LiveVersion five = a.patch(20, Replica.op(Kind.SET, "/v", "5"), Replica.op(Kind.SET, "/w", "5"));
        LiveVersion three = b.patch(30, Replica.op(Kind.SET, "/v", "3"), Replica.op(Kind.SET, "/w", "3"));
        a.pull(three);
        b.pull(five);
        assertThat(a.read()).isEqualTo("{\"v\":5,\"w\":3}").isEqualTo(b.read());
    }

    @Test
    void whatWasWrittenOnTopOfTheMergeHasItInIt() {
        a.pull(b.set(30, "/v", "5"));
        Replica c = new Replica(3, GREATEST);
        c.pull(a);
        c.set(31, "/w", "2");
        LiveVersion late = a.set(32, "/v", "4");
        c.pull(late);
        assertThat(c.read()).isEqualTo("{\"v\":5,\"w\":2}");
    }

    @Test
    void anIncrementIsTheNumberThatItMade() {
        LiveVersion mine = a.inc(20, "/v", "4");
        LiveVersion theirs = b.inc(15, "/v", "6");
        a.pull(theirs);
        assertThat(a.read()).isEqualTo("{\"v\":7,\"w\":1}");
        assertThat(Conflict.of(mine, theirs).overwrites(GREATEST)).as("5 is lost, and recorded").isTrue();
    }

    @Test
    void whatTheMergeOverwritesIsAConflictThatNoClockDecided() {
        Conflict conflict = Conflict.of(a.set(20, "/v", "5"), b.set(21, "/v", "3"));
        List<FieldOutcome> lost = conflict.fields(GREATEST).stream().filter(FieldOutcome::isOverwritten).toList();
        assertThat(lost).singleElement().satisfies(field -> {
            assertThat(field.winner()).isEqualTo(FieldOutcome.Winner.OLDER);
            assertThat(conflict.isDecidedByClock(field, GREATEST)).isFalse();
        });
        assertThat(conflict.isCustom(FieldPath.of("v"), GREATEST)).isTrue();
        assertThat(conflict.isCustom(FieldPath.of("w"), GREATEST)).isFalse();
    }

    @Test
    void whereTheMergeHasNoResultTheNewestWriteStands() {
        PolicyHistory never = PolicyHistory.of(Policies.custom("never", Deletes.LATER, "v"));
        a.policies = never;
        LiveVersion mine = a.set(20, "/v", "5");
        LiveVersion theirs = b.set(21, "/v", "3");
        a.pull(theirs);
        assertThat(a.read()).isEqualTo("{\"v\":3,\"w\":1}");
        Conflict conflict = Conflict.of(mine, theirs);
        assertThat(conflict.isCustom(FieldPath.of("v"), never)).isFalse();
        assertThat(conflict.isDecidedByClock(conflict.fields(never).get(0), never)).isTrue();
    }

    @Test
    void theWholeDocumentComesBackFromADeleteAndItsMergedFieldsWithIt() {
        PolicyHistory updateWins = PolicyHistory.of(Policies.custom("greatest", Deletes.UPDATE_WINS, "v"));
        a.policies = updateWins;
        b.policies = updateWins;
        LiveVersion update = a.set(20, "/v", "9");
        a.pull(b.delete(30));
        assertThat(a.read()).isEqualTo("{\"v\":9,\"w\":1}");
        b.pull(update);
        assertThat(b.read()).isEqualTo(a.read());
    }
}
