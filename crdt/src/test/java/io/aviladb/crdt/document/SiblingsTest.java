package io.aviladb.crdt.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.crdt.conflict.Conflict;
import io.aviladb.crdt.conflict.Siblings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody has to resolve under the policy {@code manual}. */
class SiblingsTest {
    private static final PolicyHistory MANUAL = PolicyHistory.of(Policies.of(Rule.MANUAL, Deletes.LATER));

    private final Replica a = new Replica(1, MANUAL);
    private final Replica b = new Replica(2, MANUAL);

    @BeforeEach
    void bothHaveTheDocument() {
        b.pull(a.put(10, "{'name':'x','city':'y','n':1}"));
    }

    private boolean areSiblings() {
        return Siblings.are(a.live, a.policies);
    }

    @Test
    void theNewestShowsWholeUntilSomebodyHasSeenBoth() {
        LiveVersion mine = a.set(20, "/name", "'A'");
        LiveVersion theirs = b.set(15, "/city", "'B'");
        a.pull(theirs);
        b.pull(mine);
        assertThat(areSiblings()).isTrue();
        assertThat(a.read()).isEqualTo("{\"name\":\"A\",\"city\":\"y\",\"n\":1}").isEqualTo(b.read());
        a.forget();
        assertThat(a.live.versions()).as("stability makes no choice").containsExactly(theirs, mine);
        LiveVersion resolved = b.putOnBase(30, "{'name':'A','city':'B','n':1}");
        a.pull(resolved);
        assertThat(areSiblings()).isFalse();
        assertThat(a.live.versions()).containsExactly(resolved);
    }

    @Test
    void whatLosesNothingByTheOtherIsNoSibling() {
        a.pull(b.set(20, "/name", "'same'"));
        assertThat(areSiblings()).as("one has seen the other").isFalse();
        a.set(25, "/name", "'again'");
        a.pull(b.set(24, "/name", "'again'"));
        assertThat(areSiblings()).as("equal bodies").isFalse();
        a.forget();
        assertThat(a.live.versions()).hasSize(1);
        a.delete(40);
        b.pull(a.live.versions().get(0));
        a.delete(50);
        a.pull(b.delete(45));
        assertThat(areSiblings()).as("two deletes").isFalse();
    }

    @Test
    void aDeleteAndAnUpdateAreSiblingsWhicheverShows() {
        a.pull(b.set(20, "/name", "'B'"));
        Replica c = new Replica(3, MANUAL);
        c.pull(a);
        a.pull(c.set(25, "/name", "'C'"));
        a.pull(b.delete(30));
        assertThat(a.read()).isEqualTo("deleted");
        assertThat(areSiblings()).isTrue();
    }

    @Test
    void typesAndIncrementsMergeByThemselves() {
        PolicyHistory typed = PolicyHistory.of(Policies.typed(Rule.MANUAL, Deletes.LATER, FieldType.MAX));
        a.policies = typed;
        b.policies = typed;
        LiveVersion five = a.set(20, "/s", "5");
        b.pull(five);
        a.set(21, "/s", "7");
        a.pull(b.set(22, "/s", "9"));
        assertThat(Siblings.are(a.live, typed)).isFalse();
        assertThat(a.read()).contains("\"s\":9");
    }

    /** Who hasn't heard of the policy yet patches one field; the newest version shows whole all the same, and the other one's field is told. */
    @Test
    void aPatchUnderTheOldPolicyHidesNoWriteUnderManualInSilence() {
        PolicyHistory changed = PolicyHistory.DEFAULT.then(Policies.of(Rule.MANUAL, Deletes.LATER));
        Replica old = new Replica(1, PolicyHistory.DEFAULT);
        Replica knows = new Replica(2, PolicyHistory.DEFAULT);
        LiveVersion first = old.put(10, "{'name':'x','city':'y'}");
        knows.pull(first);
        knows.policies = changed;
        LiveVersion name = knows.set(20, "/name", "'A'");
        LiveVersion city = old.set(30, "/city", "'B'");
        knows.pull(city);
        assertThat(knows.read()).isEqualTo("{\"name\":\"x\",\"city\":\"B\"}");
        assertThat(Conflict.of(name, city).overwrites(changed)).isTrue();
        assertThat(Siblings.are(knows.live, changed)).isTrue();
    }
}
