package io.aviladb.crdt.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.write.PatchOperation.Kind;
import io.aviladb.crdt.conflict.Conflict;
import io.aviladb.crdt.conflict.ConflictSearch;
import io.aviladb.crdt.conflict.FieldOutcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of two versions, neither of which has seen the other, is overwritten. */
class ConflictTest {
    private static final PolicyHistory LWW = PolicyHistory.DEFAULT;
    private static final PolicyHistory WHOLE = PolicyHistory.of(Policies.of(Rule.LWW_DOCUMENT, Deletes.LATER));
    private static final PolicyHistory UPDATE_WINS = PolicyHistory.of(Policies.of(Rule.LWW, Deletes.UPDATE_WINS));

    private Replica a;
    private Replica b;

    @BeforeEach
    void bothHaveTheDocument() {
        both(LWW);
    }

    private void both(PolicyHistory policies) {
        a = new Replica(1, policies);
        b = new Replica(2, policies);
        b.pull(a.put(10, "{'name':'x','city':'y','wins':0,'a':{'b':1}}"));
    }

    /** Each overwritten field as {@code path: older | newer -> result winner}. */
    private static List<String> overwritten(Conflict conflict, PolicyHistory policies) {
        List<String> lines = conflict.fields(policies).stream().filter(FieldOutcome::isOverwritten)
                .map(field -> field.path() + ": " + json(field.older()) + " | " + json(field.newer()) + " -> " + json(field.result()) + " "
                        + field.winner())
                .toList();
        assertThat(conflict.overwrites(policies)).isEqualTo(!lines.isEmpty());
        return lines;
    }

    private static String json(Optional<JsonValue> value) {
        return value.map(JsonValue::toJson).orElse("missing").replace('"', '\'');
    }

    @Test
    void twoValuesOfOneFieldOverwriteAndTwoFieldsDoNot() {
        LiveVersion name = a.set(20, "/name", "'A'");
        LiveVersion other = b.patch(15, Replica.op(Kind.SET, "/name", "'B'"),
                Replica.op(Kind.SET, "/city", "'C'"));
        Conflict conflict = Conflict.of(name, other);
        assertThat(overwritten(conflict, LWW)).containsExactly("/name: 'B' | 'A' -> 'A' NEWER");
        assertThat(conflict.fields(LWW)).extracting(field -> field.path().toString()).containsExactly("/name", "/city");
        both(LWW);
        assertThat(overwritten(Conflict.of(a.set(20, "/name", "'A'"), b.set(15, "/city", "'C'")), LWW)).isEmpty();
        both(LWW);
        assertThat(overwritten(Conflict.of(a.set(20, "/name", "'A'"), b.set(15, "/name", "'A'")), LWW)).as("the same value").isEmpty();
    }

    @Test
    void incrementsAndASetOfAnotherFieldLoseNothing() {
        assertThat(overwritten(Conflict.of(a.inc(20, "/wins", "1"), b.inc(15, "/wins", "2")), LWW)).isEmpty();
        both(LWW);
        assertThat(overwritten(Conflict.of(a.inc(20, "/wins", "1"), b.set(15, "/city", "'q'")), LWW)).isEmpty();
    }

    @Test
    void s17_aPutWithoutABaseOverwritesWhatItHasNotSeenAndWithABaseItDoesNot() {
        LiveVersion city = b.set(15, "/city", "'q'");
        Conflict blind = Conflict.of(city, a.put(20, "{'name':'z','city':'y','wins':0,'a':{'b':1}}"));
        assertThat(overwritten(blind, LWW)).containsExactly("/city: 'q' | 'y' -> 'y' NEWER");
        both(LWW);
        LiveVersion again = b.set(15, "/city", "'q'");
        Conflict based = Conflict.of(again, a.putOnBase(20, "{'name':'z','city':'y','wins':0,'a':{'b':1}}"));
        assertThat(overwritten(based, LWW)).isEmpty();
    }

    @Test
    void s13_aScalarAboveAnotherWriteIsOverwritten() {
        Conflict conflict = Conflict.of(a.set(20, "/a", "5"), b.set(30, "/a/b", "7"));
        assertThat(overwritten(conflict, LWW)).containsExactly("/a: 5 | {'b':7} -> {'b':7} NEWER");
    }

    @Test
    void underLwwDocumentTheWholeEarlierWriteIsLost() {
        both(WHOLE);
        Conflict conflict = Conflict.of(a.set(20, "/name", "'A'"), b.set(15, "/city", "'C'"));
        assertThat(overwritten(conflict, WHOLE)).containsExactly("/name: 'x' | 'A' -> 'A' NEWER", "/city: 'C' | 'y' -> 'y' NEWER");
        assertThat(conflict.result(Policies.of(Rule.LWW, Deletes.LATER)).orElseThrow().toString()).contains("\"A\"");
    }

    @Test
    void aDeleteAndAnUpdateAreOneFieldTheWholeDocument() {
        LiveVersion patch = b.set(15, "/city", "'q'");
        Conflict conflict = Conflict.of(patch, a.delete(20));
        assertThat(overwritten(conflict, LWW)).singleElement().asString().endsWith("| missing -> missing NEWER");
        assertThat(overwritten(conflict, UPDATE_WINS)).singleElement().asString().contains("'city':'q'").endsWith("OLDER");
        both(LWW);
        assertThat(overwritten(Conflict.of(a.delete(20), b.delete(15)), LWW)).as("two deletes agree").isEmpty();
    }

    @Test
    void aClockDecidedWhereStampsAreCloserThanClocks() {
        long second = HybridTimestamp.ofMillis(1_000).bits();
        Conflict close = Conflict.of(a.set(second, "/name", "'A'"), b.set(second + HybridTimestamp.ofMillis(500).bits(), "/name", "'B'"));
        assertThat(close.isDecidedByClock(close.fields(LWW).get(0), LWW)).isTrue();
        both(LWW);
        Conflict apart = Conflict.of(a.set(second, "/name", "'A'"), b.set(second + HybridTimestamp.ofMillis(501).bits(), "/name", "'B'"));
        assertThat(apart.isDecidedByClock(apart.fields(LWW).get(0), LWW)).isFalse();
        both(UPDATE_WINS);
        Conflict rule = Conflict.of(a.set(second, "/name", "'A'"), b.delete(second + 1));
        assertThat(rule.isDecidedByClock(rule.fields(UPDATE_WINS).get(0), UPDATE_WINS)).as("the rule decided").isFalse();
    }

    @Test
    void aPairGivesWayToOneWhoseVersionHasSeenItsOwn() {
        LiveVersion a1 = a.set(20, "/name", "'1'");
        LiveVersion b1 = b.set(15, "/name", "'2'");
        LiveVersion a2 = a.set(21, "/name", "'3'");
        assertThat(ConflictSearch.givesWay(Conflict.of(a1, b1), a2)).isTrue();
        assertThat(ConflictSearch.of(b1, List.of(a1, a2))).containsExactly(Conflict.of(a2, b1));
        assertThat(ConflictSearch.of(a2, List.of(b1))).containsExactly(Conflict.of(a2, b1));
        a.pull(b1);
        LiveVersion a3 = a.set(22, "/name", "'4'");
        assertThat(ConflictSearch.givesWay(Conflict.of(a2, b1), a3)).as("it has seen both").isFalse();
        assertThat(ConflictSearch.of(a2, List.of(a3, b1))).as("a2 comes late").containsExactly(Conflict.of(a2, b1));
        assertThatThrownBy(() -> Conflict.of(a3, b1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytesAndNameComeBackAsTheyWere() {
        Conflict conflict = Conflict.of(a.set(20, "/name", "'A'"), b.delete(15));
        ByteWriter out = new ByteWriter();
        conflict.write(out);
        assertThat(Conflict.read(new ByteReader(out.toByteArray()))).isEqualTo(conflict);
        ConflictId id = new ConflictId(new DocumentKey(new byte[]{0, 0, 0, 1, 2, 65, 0}), conflict.older().version(),
                conflict.newer().version());
        assertThat(ConflictId.parse(id.toString())).isEqualTo(id);
        assertThatThrownBy(() -> ConflictId.parse("no id")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ConflictId.parse("YWJj")).isInstanceOf(IllegalArgumentException.class);
    }
}
