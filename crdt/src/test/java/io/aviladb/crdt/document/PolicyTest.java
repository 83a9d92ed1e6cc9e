package io.aviladb.crdt.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.catalog.PolicyHistory;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each policy makes of the same few situations. A, B, C are regions; {@code A:100} a stamp given in A. */
class PolicyTest {
    private static final PolicyHistory DELETE_WINS = PolicyHistory.of(Policies.of(Rule.LWW, Deletes.DELETE_WINS));
    private static final PolicyHistory UPDATE_WINS = PolicyHistory.of(Policies.of(Rule.LWW, Deletes.UPDATE_WINS));
    private static final PolicyHistory WHOLE = PolicyHistory.of(Policies.of(Rule.LWW_DOCUMENT, Deletes.LATER));

    private static String read(PolicyHistory policies, LiveVersion... versions) {
        String forwards = MergeLaws.bytes(LiveVersions.of(List.of(versions)), policies);
        assertThat(MergeLaws.bytes(LiveVersions.of(List.of(versions).reversed()), policies)).isEqualTo(forwards);
        return forwards.replace('"', '\'');
    }

    @Test
    void s9_updateWinsOnlyOverADeleteThatHasNotSeenTheUpdate() {
        Replica b = new Replica(2, UPDATE_WINS);
        LiveVersion patch = new Replica(3, UPDATE_WINS).put(4, "{'x':1}");
        b.pull(patch);
        LiveVersion saw = b.delete(7);
        LiveVersion didNot = new Replica(1, UPDATE_WINS).delete(5);
        assertThat(read(UPDATE_WINS, patch, didNot)).isEqualTo("{'x':1}");
        assertThat(read(UPDATE_WINS, patch, didNot, saw)).isEqualTo("deleted");
    }

    @Test
    void s10_deleteWinsNotOverAReinsertThatHasSeenIt() {
        Replica b = new Replica(2, DELETE_WINS);
        Replica c = new Replica(3, DELETE_WINS);
        c.pull(b.put(1, "{'x':0,'y':0}"));
        LiveVersion patch = c.set(9, "/y", "4");
        LiveVersion delete = b.delete(3);
        assertThat(read(DELETE_WINS, delete, patch)).isEqualTo("deleted");
        LiveVersion again = b.put(7, "{'x':7}");
        assertThat(read(DELETE_WINS, delete, again, patch)).isEqualTo("{'x':7,'y':4}");
        assertThat(read(PolicyHistory.DEFAULT, delete, patch)).isEqualTo("{'x':0,'y':4}");
    }

    @Test
    void s11_underUpdateWinsTheWholeDocumentComesBack() {
        Replica a = new Replica(1, UPDATE_WINS);
        Replica b = new Replica(2, UPDATE_WINS);
        b.pull(a.put(1, "{'x':1,'y':1}"));
        LiveVersion patch = b.set(5, "/x", "2");
        LiveVersion delete = a.delete(6);
        assertThat(read(UPDATE_WINS, delete, patch)).isEqualTo("{'x':2,'y':1}");
        assertThat(read(PolicyHistory.DEFAULT, delete, patch)).isEqualTo("deleted");
    }

    @Test
    void s40_aConcurrentDeleteThatLostIsForgottenWithItsSetAndNotBefore() {
        LiveVersion update = new Replica(1, UPDATE_WINS).put(100, "{'x':1}");
        LiveVersion delete = new Replica(2, UPDATE_WINS).delete(150);
        LiveVersions forgotten = LiveVersions.of(List.of(update, delete)).collapse(UPDATE_WINS);
        assertThat(MergeLaws.bytes(forgotten, UPDATE_WINS)).isEqualTo("{\"x\":1}");
        assertThat(forgotten.join(delete)).isEqualTo(forgotten);
        assertThat(LiveVersions.of(List.of(update, delete)).collapse(DELETE_WINS)).isEqualTo(LiveVersions.EMPTY);
    }

    @Test
    void theNewestWriteOfTheDocumentTakesItAllAndIncrementsStillCount() {
        Replica a = new Replica(1, WHOLE);
        Replica b = new Replica(2, WHOLE);
        b.pull(a.put(1, "{'name':'x','city':'y','wins':1}"));
        LiveVersion name = a.set(20, "/name", "'z'");
        LiveVersion city = b.set(15, "/city", "'q'");
        LiveVersion wins = b.inc(16, "/wins", "3");
        assertThat(read(WHOLE, name, city)).isEqualTo("{'name':'z','city':'y','wins':1}");
        assertThat(read(WHOLE, name, wins)).isEqualTo("{'name':'z','city':'y','wins':4}");
        assertThat(name.cells()).isEqualTo(Cells.EMPTY);
    }

    @Test
    void s16_aConflictIsReadByTheNewestPolicyThatItsVersionsName() {
        PolicyHistory both = new PolicyHistory(List.of(DELETE_WINS.current(), UPDATE_WINS.current()));
        LiveVersion oldDelete = new Replica(2, DELETE_WINS).delete(9);
        LiveVersion oldUpdate = new Replica(1, DELETE_WINS).put(5, "{'x':1}");
        LiveVersion newUpdate = new Replica(1, both).put(5, "{'x':1}");
        assertThat(read(both, oldUpdate, oldDelete)).as("the change by itself changes nothing").isEqualTo("deleted");
        assertThat(read(both, newUpdate, oldDelete)).isEqualTo("{'x':1}");
        assertThatThrownBy(() -> LiveVersions.of(newUpdate).read(DELETE_WINS)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("policy 1");
    }

    @Test
    void anIncrementCountsUnderTheNewRuleAlsoOnAVersionOfTheOldOne() {
        PolicyHistory both = new PolicyHistory(List.of(PolicyHistory.DEFAULT.current(), WHOLE.current()));
        Replica a = new Replica(1);
        Replica b = new Replica(2, both);
        b.pull(a.put(10, "{'m':1,'n':1}"));
        LiveVersion counted = b.inc(40, "/m", "3");
        LiveVersion newest = a.set(50, "/n", "5");
        assertThat(read(both, counted, newest)).isEqualTo("{'m':4,'n':5}");
    }

    @Test
    void bytesOfVersionsAndOfPoliciesStayAsTheyAre() {
        PolicyHistory both = new PolicyHistory(List.of(PolicyHistory.DEFAULT.current(), UPDATE_WINS.current()));
        assertThat(hex(new Replica(1).put(7, "{}").encode())).isEqualTo("100000000000000007017b7d");
        assertThat(hex(new Replica(1, both).put(7, "{}").encode())).isEqualTo("20010000000000000007017b7d");
        assertThat(hex(new Replica(1, both).delete(7).encode())).isEqualTo("2101000000000000000701");
        assertThat(hex(policy(PolicyHistory.DEFAULT))).isEqualTo("00");
        assertThat(hex(policy(WHOLE))).isEqualTo("010010");
        assertThat(hex(policy(both))).isEqualTo("82800400010002");
    }

    private static byte[] policy(PolicyHistory history) {
        io.aviladb.core.codec.ByteWriter out = new io.aviladb.core.codec.ByteWriter();
        history.write(out);
        io.aviladb.core.codec.ByteReader in = new io.aviladb.core.codec.ByteReader(out.toByteArray());
        assertThat(PolicyHistory.read(in)).isEqualTo(history);
        in.expectEnd();
        return out.toByteArray();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
