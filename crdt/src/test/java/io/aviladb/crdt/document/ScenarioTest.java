package io.aviladb.crdt.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbered scenarios of the design that need only values. A, B, C are regions. */
class ScenarioTest {
    private final Replica a = new Replica(1);
    private final Replica b = new Replica(2);
    private final Replica c = new Replica(3);

    private static String text(String json) {
        return json.replace('\'', '"');
    }

    /** All orders of joining the versions give the same set and the same bytes. */
    private static String inEveryOrder(LiveVersion... versions) {
        List<List<LiveVersion>> orders = new ArrayList<>();
        permute(new ArrayList<>(List.of(versions)), 0, orders);
        LiveVersions first = LiveVersions.of(orders.get(0));
        for (List<LiveVersion> order : orders) {
            assertThat(LiveVersions.of(order)).isEqualTo(first);
        }
        Replica reader = new Replica(9);
        reader.live = first;
        return reader.read();
    }

    private static void permute(List<LiveVersion> items, int from, List<List<LiveVersion>> into) {
        if (from == items.size()) {
            into.add(List.copyOf(items));
        }
        for (int i = from; i < items.size(); i++) {
            java.util.Collections.swap(items, from, i);
            permute(items, from + 1, into);
            java.util.Collections.swap(items, from, i);
        }
    }

    @Test
    void s1_theSlowClockOverwritesNothing() {
        a.pull(b.put(400, "{'x':1}"));
        assertThatThrownBy(() -> a.set(110, "/x", "2")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("above");
        LiveVersion patched = a.set(401, "/x", "2");
        patched.vector()
                .forEach((region, stamp) -> assertThat(patched.version().stamp().isAfter(stamp) || region.equals(a.region)).isTrue());
        assertThat(a.read()).isEqualTo(text("{'x':2}"));
        assertThatThrownBy(() -> new LiveVersion(new Version(new HybridTimestamp(5), a.region),
                VersionVector.of(b.region, new HybridTimestamp(9)).with(a.region, new HybridTimestamp(5)), false, Replica.bytes("{}"),
                new Version(new HybridTimestamp(5), a.region), Cells.EMPTY, Counters.EMPTY, Fields.EMPTY, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void s2_causeAndEffectInTwoGroupsAreStampedInOrder() {
        LiveVersion cause = a.put(100, "{'x':1}");
        Replica other = new Replica(1); // another document, in a group with a slower clock
        VersionVector token = cause.vector();
        assertThatThrownBy(() -> Mutator.apply(other.live, token, new io.aviladb.core.write.Mutation.Put(Replica.bytes("{}")), false,
                new Version(new HybridTimestamp(91), a.region), Replica.POLICY)).isInstanceOf(IllegalArgumentException.class);
        LiveVersion effect = Mutator.apply(other.live, token, new io.aviladb.core.write.Mutation.Put(Replica.bytes("{}")), false,
                new Version(new HybridTimestamp(101), a.region), Replica.POLICY);
        assertThat(effect.version()).isGreaterThan(cause.version());
    }

    @Test
    void s4_aBatchHasOneStamp() {
        Version stamp = new Version(new HybridTimestamp(100), a.region);
        List<LiveVersion> batch = List.of("{'n':1}", "{'n':2}", "{'n':3}").stream().map(json -> Mutator.apply(LiveVersions.EMPTY,
                VersionVector.EMPTY, new io.aviladb.core.write.Mutation.Put(Replica.bytes(json)), false, stamp, Replica.POLICY)).toList();
        assertThat(batch).extracting(LiveVersion::version).containsOnly(stamp);
    }

    @Test
    void s7_collapsedCountersKeepTheirSums() {
        LiveVersion first = a.put(1, "{'n':0}");
        b.pull(first);
        LiveVersion one = a.inc(9, "/n", "1");
        b.pull(one);
        b.forget();
        LiveVersion two = b.inc(30, "/n", "1");
        LiveVersion three = a.inc(31, "/n", "1");
        assertThat(inEveryOrder(two, three)).isEqualTo(text("{'n':3}"));
    }

    @Test
    void s9_deletesWithThreeVersionsAgreeInAllOrders() {
        LiveVersion patch = c.put(4, "{'x':1}");
        b.pull(patch);
        LiveVersion saw = b.delete(7);
        LiveVersion didNot = a.delete(5);
        assertThat(inEveryOrder(patch, saw, didNot)).isEqualTo("deleted");
    }

    @Test
    void s10_aReinsertAfterADeleteAgreesInAllOrders() {
        LiveVersion first = b.put(1, "{'x':0,'y':0}");
        c.pull(first);
        LiveVersion delete = b.delete(3);
        LiveVersion again = b.put(7, "{'x':7}");
        LiveVersion patch = c.set(4, "/y", "4");
        assertThat(inEveryOrder(delete, again, patch)).isEqualTo(text("{'x':7}"));
    }

    @Test
    void s11_aPatchThatOutlivesADeleteBringsTheWholeDocumentBack() {
        LiveVersion first = a.put(1, "{'x':1,'y':1}");
        b.pull(first);
        LiveVersion delete = a.delete(5);
        LiveVersion patch = b.set(6, "/x", "2");
        assertThat(inEveryOrder(delete, patch)).isEqualTo(text("{'x':2,'y':1}"));
    }

    @Test
    void s12_aDeadInsertDoesNotShowThroughTheLivingOne() {
        LiveVersion dead = b.put(7, "{'from':'B','only':'B'}");
        LiveVersion delete = b.delete(8);
        LiveVersion alive = a.put(9, "{'from':'A'}");
        assertThat(inEveryOrder(dead, delete, alive)).isEqualTo(text("{'from':'A'}"));
    }

    @Test
    void s13_aPathBelowANewerScalarStaysHidden() {
        LiveVersion first = a.put(10, "{'a':{'b':1}}");
        b.pull(first);
        LiveVersion scalar = a.set(20, "/a", "5");
        LiveVersion elsewhere = b.set(15, "/a/b", "2");
        assertThat(inEveryOrder(scalar, elsewhere)).isEqualTo(text("{'a':5}"));
    }

    @Test
    void s13_aPathBelowAnOlderScalarTurnsItIntoAnObject() {
        LiveVersion first = a.put(10, "{'a':{'b':1,'c':1}}");
        b.pull(first);
        LiveVersion scalar = a.set(20, "/a", "5");
        LiveVersion below = b.set(30, "/a/b", "7");
        assertThat(inEveryOrder(first, scalar, below)).isEqualTo(text("{'a':{'b':7}}"));
    }

    @Test
    void s14_aMergeChangesTheEtagAndNotTheVersion() {
        LiveVersion first = c.put(10, "{'x':0,'y':0}");
        a.pull(first);
        b.pull(first);
        a.set(100, "/x", "1");
        String before = Etag.of(a.known);
        a.pull(b.set(50, "/y", "1"));
        assertThat(a.read()).isEqualTo(text("{'x':1,'y':1}"));
        assertThat(a.live.versions().get(1).version().stamp()).isEqualTo(new HybridTimestamp(100));
        assertThat(Etag.of(a.known)).isNotEqualTo(before).hasSize(16);
        b.pull(a);
        assertThat(b.known).isEqualTo(a.known);
        assertThat(b.live).isEqualTo(a.live);
    }

    @Test
    void s17_aPutWithABaseIsADifference() {
        LiveVersion first = a.put(10, "{'name':'x','city':'y','wins':0}");
        b.pull(first);
        LiveVersion whole = a.putOnBase(20, "{'name':'z','city':'y','wins':0}");
        b.set(15, "/city", "'q'");
        LiveVersion counted = b.inc(16, "/wins", "3");
        assertThat(inEveryOrder(whole, counted)).isEqualTo(text("{'name':'z','city':'q','wins':3}"));
    }

    @Test
    void s17_aPutWithoutABaseTakesFieldsAndKeepsUnseenIncrements() {
        LiveVersion first = a.put(10, "{'name':'x','city':'y','wins':0}");
        b.pull(first);
        a.pull(b.inc(11, "/wins", "5"));
        LiveVersion whole = a.put(20, "{'name':'z','city':'y','wins':5}");
        b.set(15, "/city", "'q'");
        LiveVersion counted = b.inc(16, "/wins", "3");
        assertThat(inEveryOrder(whole, counted)).isEqualTo(text("{'name':'z','city':'y','wins':8}"));
    }

    @Test
    void s29_aRegionsNextLifeCountsAnew() {
        a.put(1, "{'n':0}");
        a.inc(2, "/n", "57");
        Replica again = new Replica(4);
        again.pull(a);
        LiveVersion counted = again.inc(10, "/n", "3");
        a.pull(counted);
        assertThat(a.read()).isEqualTo(text("{'n':60}"));
    }

    @Test
    void s40_aDeleteIsForgottenOnlyWithItsSet() {
        LiveVersion update = a.put(160, "{'x':1}");
        LiveVersion delete = b.delete(150);
        LiveVersions set = LiveVersions.of(List.of(update, delete));
        LiveVersions forgotten = set.collapse(Replica.POLICY);
        assertThat(forgotten.versions()).hasSize(1);
        assertThat(forgotten.vector()).isEqualTo(set.vector());
        assertThat(forgotten.join(delete)).isEqualTo(forgotten);
        assertThat(LiveVersions.of(List.of(update, LiveVersion.tombstone(new Version(new HybridTimestamp(170), b.region),
                VersionVector.of(b.region, new HybridTimestamp(170))))).collapse(Replica.POLICY)).isEqualTo(LiveVersions.EMPTY);
    }

    @Test
    void s45_aScalarDoesNotReturn() {
        LiveVersion first = a.put(10, "{'a':{'b':1}}");
        b.pull(first);
        c.pull(first);
        LiveVersion scalar = a.set(20, "/a", "5");
        LiveVersion below = b.set(30, "/a/b", "7");
        c.pull(scalar);
        c.pull(below);
        Replica merged = new Replica(3);
        merged.pull(c);
        merged.forget();
        assertThat(merged.read()).isEqualTo(c.read());
        c.unset(40, "/a/b");
        merged.unset(40, "/a/b");
        assertThat(c.read()).isEqualTo(text("{'a':{}}"));
        assertThat(merged.read()).isEqualTo(c.read());
        LiveVersion removed = c.live.versions().get(0);
        assertThat(inEveryOrder(scalar, below, removed)).isEqualTo(text("{'a':{}}"));
    }

    @Test
    void aReinsertRacingWithForgettingCountsOnlyWhatIsNew() {
        a.put(1, "{'n':0}");
        c.pull(a);
        c.inc(40, "/n", "7");
        a.pull(c);
        a.delete(50);
        c.pull(a);
        a.forget(); // A knows that all have absorbed it, C not yet
        LiveVersion here = a.put(601, "{'n':0}");
        c.put(600, "{'n':100}");
        LiveVersion there = c.inc(602, "/n", "1");
        assertThat(inEveryOrder(here, there)).isEqualTo(text("{'n':1}"));
    }

    @Test
    void whatASidesVectorCoversAndItLacksIsGone() {
        LiveVersion first = a.put(1, "{'x':1}");
        b.pull(first);
        a.delete(2);
        a.forget();
        assertThat(a.live).isEqualTo(LiveVersions.EMPTY);
        b.pull(a);
        assertThat(b.read()).isEqualTo("deleted");
        assertThat(new RegionIncarnation(1)).isEqualTo(a.region);
    }
}
