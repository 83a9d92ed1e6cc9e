package io.aviladb.crdt.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.write.PatchOperation.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A typed field in an object that one region takes away while another writes the field: the field holds the object in the document, and the
 * object goes with it, unless somebody has written in it meanwhile.
 */
class HeldObjectsTest {
    private static final PolicyHistory POLICY = PolicyHistory.of(Policies.typed(Rule.LWW, Deletes.LATER, FieldType.MAX));

    private final Replica writer = new Replica(1, POLICY);
    private final Replica remover = new Replica(2, POLICY);
    private final Replica third = new Replica(3, POLICY);

    /** The writer's {@code /a/t} is older than the put without {@code /a}, which has not seen it; the third region has seen both. */
    @BeforeEach
    void anObjectIsHeld() {
        writer.put(2, "{'r':1,'a':{'t':1,'b':2}}");
        remover.put(30, "{'r':2}");
        third.pull(writer);
        third.pull(remover);
        assertThat(third.read()).isEqualTo("{\"r\":2,\"a\":{\"t\":1}}");
    }

    private String merged(Replica... regions) {
        Replica reader = new Replica(9, POLICY);
        for (Replica region : regions) {
            reader.pull(region);
        }
        String read = reader.read();
        reader.forget();
        assertThat(reader.read()).as("forgotten").isEqualTo(read);
        return read.replace('"', '\'');
    }

    @Test
    void theObjectGoesWithTheFieldThatHeldItThroughAWriteOfSomethingElse() {
        third.set(40, "/z", "1");
        assertThat(third.read()).isEqualTo("{\"r\":2,\"a\":{\"t\":1},\"z\":1}");
        writer.put(5, "{'r':3}");
        assertThat(merged(writer, third)).isEqualTo("{'r':2,'z':1}");
    }

    @Test
    void anObjectInWhichSomebodyHasWrittenStays() {
        third.set(40, "/a/u", "1");
        writer.put(5, "{'r':3}");
        assertThat(merged(writer, third)).isEqualTo("{'r':2,'a':{'u':1}}");
    }

    @Test
    void anObjectInWhichSomebodyHasCountedStays() {
        third.inc(40, "/a/u", "1");
        writer.put(5, "{'r':3}");
        assertThat(merged(writer, third)).isEqualTo("{'r':2,'a':{'u':1}}");
    }

    @Test
    void toWriteTheFieldItselfIsToWriteInTheObject() {
        third.patch(40, Replica.op(Kind.MAX, "/a/t", "7"));
        writer.put(5, "{'r':3}");
        assertThat(merged(writer, third)).isEqualTo("{'r':2,'a':{'t':7}}");
        third.unset(50, "/a/t");
        assertThat(merged(writer, third)).isEqualTo("{'r':2,'a':{}}");
    }

    @Test
    void toPutTheDocumentAsItReadsIsToLeaveTheObjectInIt() {
        third.put(40, third.read());
        writer.put(5, "{'r':3}");
        assertThat(merged(writer, third)).isEqualTo("{'r':2,'a':{'t':1}}");
    }

    @Test
    void aVersionSaysWhatItsFieldsHoldInOneByteEach() {
        LiveVersion made = third.set(40, "/z", "1");
        assertThat(made.fields().hold()).isTrue();
        assertThat(LiveVersion.decode(made.encode())).isEqualTo(made);
        assertThat(made.encode()[0] >> 4).isEqualTo(4);
        LiveVersion written = third.set(41, "/a", "{'t':1}");
        assertThat(written.fields().isEmpty()).as("the object is written").isTrue();
        assertThat(written.encode()[0] >> 4).isEqualTo(1);
    }
}
